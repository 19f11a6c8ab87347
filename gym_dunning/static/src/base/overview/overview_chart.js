/* global Chart */

import {Component, onWillStart, useEffect, useRef, useState} from "@odoo/owl";
import {formatMonetary} from "@web/views/fields/formatters";
import {getCurrency} from "@web/core/currency";
import {loadBundle} from "@web/core/assets";
import {useService} from "@web/core/utils/hooks";

// from what is not due yet to what is oldest
const AGE_COLORS = ["#5b8def", "#f2c94c", "#f2994a", "#eb6f4a", "#c0392b"];
const PLAIN_COLOR = "#3a9e7e";
const HEIGHT = 240;
const ROW_HEIGHT = 34;

/** Swap what the bars stand for with what they are made of. */
function turned({labels, parts, ...chart}) {
    return {
        ...chart,
        labels: parts.map(({name}) => name),
        parts: labels.map((name, index) => ({
            name,
            amounts: parts.map(({amounts}) => amounts[index]),
        })),
        isTurned: true,
    };
}

/** A chart of Odoo's own kind in one currency, and the same as a table that is read. */
export class GymOverviewChart extends Component {
    static template = "gym_dunning.OverviewChart";
    static props = {chart: Object, title: String};

    setup() {
        this.canvas = useRef("canvas");
        const {chart} = this.props;
        // of a single centre the ages are compared, side by side
        const isSingle = chart.labels.length === 1;
        this.chart = isSingle ? turned(chart) : chart;
        useEffect(
            () => {
                const drawn = new Chart(this.canvas.el, this.config);
                return () => drawn.destroy();
            },
            () => []
        );
    }

    get symbol() {
        return getCurrency(this.chart.currency_id)?.symbol || "";
    }

    get isStacked() {
        return this.chart.parts.length > 1;
    }

    get height() {
        const rows = 80 + ROW_HEIGHT * this.chart.labels.length;
        return this.isStacked ? Math.max(HEIGHT, rows) : HEIGHT;
    }

    money(amount) {
        return formatMonetary(amount, {currencyId: this.chart.currency_id});
    }

    color(index) {
        if (this.isStacked) {
            return AGE_COLORS[index];
        }
        return this.chart.isTurned ? AGE_COLORS : PLAIN_COLOR;
    }

    get config() {
        const value = this.isStacked ? "x" : "y";
        const color = getComputedStyle(this.canvas.el).color;
        const stacked = this.isStacked;
        const axis = {stacked, grid: {display: false}, ticks: {color}};
        return {
            type: "bar",
            data: {
                labels: this.chart.labels,
                datasets: this.chart.parts.map(({name, amounts}, index) => ({
                    label: name,
                    data: amounts,
                    backgroundColor: this.color(index),
                    maxBarThickness: 40,
                })),
            },
            options: {
                animation: false,
                indexAxis: stacked ? "y" : "x",
                maintainAspectRatio: false,
                scales: {x: {...axis}, y: {...axis}, [value]: this.amountAxis(axis)},
                plugins: {
                    legend: {display: stacked, labels: {color, boxWidth: 14}},
                    tooltip: {
                        callbacks: {
                            label: ({dataset, raw}) =>
                                `${dataset.label}: ${this.money(raw)}`,
                        },
                    },
                },
            },
        };
    }

    amountAxis({ticks, stacked}) {
        const callback = (amount) => formatMonetary(amount, {humanReadable: true});
        return {stacked, ticks: {...ticks, callback, maxTicksLimit: 6}};
    }
}

/** Loads its figures when it is shown; nothing stands there where there are none. */
export class GymOverviewCharts extends Component {
    static template = "gym_dunning.OverviewCharts";
    static components = {GymOverviewChart};
    static props = {name: String, title: String};

    setup() {
        this.orm = useService("orm");
        this.state = useState({charts: []});
        onWillStart(() => {
            // not waited for: the tiles come first
            this.load();
        });
    }

    async load() {
        const [charts] = await Promise.all([
            this.orm.call("gym.overview", `read_${this.props.name}`, []),
            loadBundle("web.chartjs_lib"),
        ]);
        this.state.charts = charts;
    }
}
