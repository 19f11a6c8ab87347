# shellcheck shell=bash
# What script/setup, script/odoo, script/test and script/demo share: find a Python, then hand over to script/_lib.

die() {
    printf 'gym_dunning: %s\n' "$*" >&2
    exit 1
}

# The environment is made for 3.11 and later: Odoo 19 itself wants 3.10, the pinned tools want 3.11.
python_fits() {
    command -v "$1" >/dev/null 2>&1 &&
        "$1" -I -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
    local candidate
    for candidate in ${GYM_PYTHON:+"$GYM_PYTHON"} python3 python3.13 python3.12 python3.11 /usr/bin/python3; do
        if python_fits "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
    return 1
}

# run_tool NAME ARGUMENTS...: replaces the shell, so signals and the exit code are the tool's own.
run_tool() {
    local scripts python
    scripts=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")" && pwd -P)
    [ "$(uname -s)" = Linux ] || die "this runs on Linux only (Debian 12 or later, Ubuntu 24.04 or later)."
    if ! python=$(find_python); then
        # A bare Debian or Ubuntu image has no Python at all; root may install one.
        if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null && ! command -v python3 >/dev/null; then
            echo "Installing python3 with apt ..." >&2
            { apt-get update && apt-get install -y --no-install-recommends python3; } >/dev/null 2>&1 ||
                die "python3 is missing and apt could not install it; check the network and run 'apt-get install python3'."
        fi
        python=$(find_python) ||
            die "Python 3.11 or later is needed; install it ('apt-get install python3') or name one in GYM_PYTHON."
    fi
    # -I: no PYTHON* variable of the caller gets in; -B: nothing is written into the checkout.
    exec "$python" -I -B "$scripts/_lib" "$@"
}
