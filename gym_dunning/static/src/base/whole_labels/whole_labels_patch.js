import {FIELD_WIDTHS} from "@web/views/list/column_width_hook";
import {ListRenderer} from "@web/views/list/list_renderer";
import {patch} from "@web/core/utils/patch";

// What a sorted column's arrow takes, and a margin as Odoo has for its dates.
const ARROW = 7;
const MARGIN = 1.05;
// Of a column that Odoo knows no width for.
const ODOOS_LEAST = 80;
// A badge's own margins, and more than which no state is wide.
const BADGE = 18;
const WIDEST_STATE = 170;
const measured = new Map();

/**
 * Odoo cuts the label of a column that is narrower, and the states in it: both fit in
 * English, and in hardly another language. The labels of our lists go on in a second
 * line; a column is as wide as the longest word of its label and as the states it shows.
 */
patch(ListRenderer.prototype, {
    getActiveColumns() {
        const columns = super.getActiveColumns();
        const {list} = this.props;
        return this.hasWholeLabels
            ? columns.map((column) => wideEnough(column, list))
            : columns;
    },

    getColumnClass(column) {
        const classes = super.getColumnClass(column);
        return this.hasWholeLabels ? `${classes} o_gym_whole_label` : classes;
    },

    get hasWholeLabels() {
        return this.props.list.resModel.startsWith("gym.");
    },
});

function wideEnough(column, list) {
    if (column.type !== "field" || !column.hasLabel || !column.label) {
        return column;
    }
    const least = Math.max(longestWord(column.label), widestState(column, list));
    const {attrs, field} = column;
    if (attrs?.width) {
        const width = `${Math.max(parseInt(attrs.width), least)}px`;
        return {...column, attrs: {...attrs, width}};
    }
    const raise = (width) => Math.max(width, least);
    const widths = odoosWidths(column);
    const listViewWidth = Array.isArray(widths) ? widths.map(raise) : raise(widths);
    return {...column, field: {...field, listViewWidth}};
}

/** What Odoo's list asks for: a width, or the least one with or without a largest. */
function odoosWidths({field, fieldType, hasLabel, options, widget}) {
    let width = field.listViewWidth || FIELD_WIDTHS[widget || fieldType];
    if (typeof width === "function") {
        width = width({type: fieldType, hasLabel, options});
    }
    return width || [ODOOS_LEAST];
}

function longestWord(label) {
    const words = label.split(/[\s-]+/).map((word) => widthOf(word, 500));
    return Math.ceil(Math.max(...words) * MARGIN) + ARROW;
}

function widestState({name}, {fields, isGrouped, records}) {
    if (isGrouped || fields[name].type !== "selection") {
        return 0;
    }
    const shown = new Set(records.map((record) => record.data[name]));
    const widths = fields[name].selection
        .filter(([state]) => shown.has(state))
        .map(([, label]) => widthOf(label, 400));
    const widest = Math.ceil(Math.max(0, ...widths) * MARGIN) + BADGE;
    return Math.min(widest, WIDEST_STATE);
}

function widthOf(text, weight) {
    const key = `${weight} ${text}`;
    if (!measured.has(key)) {
        const context = document.createElement("canvas").getContext("2d");
        const {fontFamily, fontSize} = getComputedStyle(document.body);
        context.font = `${weight} ${fontSize} ${fontFamily}`;
        measured.set(key, context.measureText(text).width);
    }
    return measured.get(key);
}
