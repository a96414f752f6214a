"""What panels are made of: a query in InfluxQL, and a panel of each kind as this project shows it."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from grafana_foundation_sdk.builders import barchart, common, dashboard, stat, table, timeseries
from grafana_foundation_sdk.cog import builder as cogbuilder
from grafana_foundation_sdk.cog import variants as cogvariants
from grafana_foundation_sdk.models import common as common_models
from grafana_foundation_sdk.models import dashboard as models

SOURCE: Final = models.DataSourceRef(type_val="influxdb", uid="sensor-hub")
FORCE: Final = "modelled, ±40 %"
COMPARE: Final = (
    " Modelled by the method that the header names; compare it with the same runner's other runs from the same "
    "instrument, not with a measured force."
)
ABSOLUTE: Final = " As an absolute value it may be off by 40 % either way."
WIDTH: Final = 24


class InfluxQl(cogvariants.Dataquery, cogbuilder.Builder[cogvariants.Dataquery]):
    """One query, written out: the SDK has no builder for InfluxDB. alias : the name of its series."""

    def __init__(self, query: str, alias: str | None = None, *, ref_id: str = "A") -> None:
        self.query, self.alias, self.ref_id = query, alias, ref_id
        self.datasource = SOURCE

    def build(self) -> cogvariants.Dataquery:
        """Return itself: it is what it builds."""
        return self

    def to_json(self) -> dict[str, object]:
        """Return it as Grafana's InfluxDB data source reads it."""
        body: dict[str, object] = {
            "refId": self.ref_id, "datasource": self.datasource, "rawQuery": True, "query": self.query,
            "resultFormat": "table" if self.alias is None else "time_series",
        }  # fmt: skip
        return body if self.alias is None else body | {"alias": self.alias}


def value(key: str, content: object) -> models.DynamicConfigValue:
    """Return a property of an override."""
    return models.DynamicConfigValue(id_val=key, value=content)


def of_column(unit: str | None = None, decimals: int | None = None, name: str | None = None) -> list[Any]:
    """Return how a column of a table is shown."""
    said = {"unit": unit, "decimals": decimals, "displayName": name}
    return [value(key, content) for key, content in said.items() if content is not None]


HIDDEN: Final = [value("custom.hidden", True)]


def _steps(steps: Sequence[tuple[str, float | None]]) -> dashboard.ThresholdsConfig:
    made = [models.Threshold(value=at, color=colour) for colour, at in steps]
    return dashboard.ThresholdsConfig().mode(models.ThresholdsMode.ABSOLUTE).steps(made)


def number(
    title: str,
    description: str,
    query: str,
    shown: str,
    unit: str,
    *,
    decimals: int = 0,
    nothing: str = "unknown",
    warns: Sequence[tuple[str, float | None]] | None = None,
    width: int = 4,
) -> stat.Panel:
    """Return a panel of one number, or a few with their names. shown : pattern of the query's columns to show."""
    text = common_models.BigValueTextMode.VALUE_AND_NAME if "|" in shown else common_models.BigValueTextMode.VALUE
    panel = (
        stat.Panel().title(title).description(description).datasource(SOURCE).with_target(InfluxQl(query))
        .unit(unit).decimals(decimals).no_value(nothing).height(4).span(width)
        .reduce_options(common.ReduceDataOptions().calcs(["lastNotNull"]).fields(f"/^{shown}$/").values(False))
        .graph_mode(common_models.BigValueGraphMode.NONE).justify_mode(common_models.BigValueJustifyMode.AUTO)
        .orientation(common_models.VizOrientation.AUTO)
        .text_mode(text)
        .thresholds(_steps(warns or [("text", None)]))
    )  # fmt: skip
    if warns is None:
        colour = dashboard.FieldColor().mode(models.FieldColorModeId.FIXED).fixed_color("text")
        return panel.color_scheme(colour).color_mode(common_models.BigValueColorMode.NONE)
    colour = dashboard.FieldColor().mode(models.FieldColorModeId.THRESHOLDS)
    return panel.color_scheme(colour).color_mode(common_models.BigValueColorMode.VALUE)


def lines(
    title: str,
    description: str,
    queries: Iterable[tuple[str, str]],
    unit: str,
    *,
    decimals: int = 0,
    interval: str = "5s",
    least: float | None = 0,
    most: float | None = None,
    warns: Sequence[tuple[str, float | None]] | None = None,
    bars: bool = False,
    width: int = 12,
) -> timeseries.Panel:
    """Return a chart over time. queries : each with the name of its series. A break in the data breaks the line."""
    panel = (
        timeseries.Panel().title(title).description(description).datasource(SOURCE).unit(unit).decimals(decimals)
        .interval(interval).height(8).span(width)
        .color_scheme(dashboard.FieldColor().mode(models.FieldColorModeId.PALETTE_CLASSIC))
        .draw_style(common_models.GraphDrawStyle.BARS if bars else common_models.GraphDrawStyle.LINE)
        .line_width(1).fill_opacity(60 if bars else 0).point_size(4).span_nulls(False)
        .show_points(common_models.VisibilityMode.NEVER if bars else common_models.VisibilityMode.AUTO)
        .legend(_legend(True)).tooltip(_tooltip(common_models.TooltipDisplayMode.MULTI))
        .override_by_regexp(
            "/SD$/",
            [value("custom.lineStyle", {"fill": "dash", "dash": [4, 4]}), value("custom.showPoints", "never")],
        )
    )  # fmt: skip
    for ref_id, (query, alias) in zip("ABCDEF", queries, strict=False):
        panel.with_target(InfluxQl(query, alias, ref_id=ref_id))
    if least is not None:
        panel.min(least)
    if most is not None:
        panel.max(most)
    if warns is not None:
        dashed = common.GraphThresholdsStyleConfig().mode(common_models.GraphThresholdsStyleMode.DASHED)
        panel.thresholds(_steps(warns)).thresholds_style(dashed)
    return panel


def rows(
    title: str,
    description: str,
    queries: Sequence[str],
    *,
    columns: dict[str, list[Any]] | None = None,
    height: int = 7,
    width: int = 12,
) -> table.Panel:
    """Return a table; several queries are merged by the columns they share. columns : how some are shown."""
    panel = (
        table.Panel().title(title).description(description).datasource(SOURCE).no_value("none").height(height).span(width)
        .align(common_models.FieldTextAlignment.AUTO).filterable(False).show_header(True)
        .cell_options(common_models.TableAutoCellOptions()).cell_height(common_models.TableCellHeight.SM).footer(common.TableFooterOptions().show(False))
    )  # fmt: skip
    for ref_id, query in zip("ABCDEF", queries, strict=False):
        panel.with_target(InfluxQl(query, ref_id=ref_id))
    for name, said in (columns or {}).items():
        panel.override_by_name(name, said)
    if len(queries) > 1:
        panel.with_transformation(models.DataTransformerConfig(id_val="merge", options={}))
    return panel


def bars(title: str, description: str, query: str, by: str, unit: str, *, decimals: int = 0) -> barchart.Panel:
    """Return bars that lie, one a value of the column ``by``."""
    nowhere = value("custom.hideFrom", {"viz": True, "legend": True, "tooltip": True})
    return (
        barchart.Panel().title(title).description(description).datasource(SOURCE).with_target(InfluxQl(query))
        .unit(unit).decimals(decimals).min(0).height(8).span(12).x_field(by).fill_opacity(60).line_width(1)
        .orientation(common_models.VizOrientation.HORIZONTAL).show_value(common_models.VisibilityMode.ALWAYS)
        .color_scheme(dashboard.FieldColor().mode(models.FieldColorModeId.PALETTE_CLASSIC))
        .legend(_legend(False)).tooltip(_tooltip(common_models.TooltipDisplayMode.SINGLE))
        .override_by_name("Time", [nowhere])
    )  # fmt: skip


def _legend(shown: bool) -> common.VizLegendOptions:
    listed = common.VizLegendOptions().display_mode(common_models.LegendDisplayMode.LIST)
    return listed.placement(common_models.LegendPlacement.BOTTOM).show_legend(shown)


def _tooltip(mode: common_models.TooltipDisplayMode) -> common.VizTooltipOptions:
    return common.VizTooltipOptions().mode(mode).sort(common_models.SortOrder.NONE)


def chosen(
    name: str, label: str, description: str, query: str, *, newest_first: bool = False
) -> dashboard.QueryVariable:
    """Return a variable that is chosen among what a query offers."""
    order = models.VariableSort.ALPHABETICAL_DESC if newest_first else models.VariableSort.ALPHABETICAL_ASC
    return (
        dashboard.QueryVariable(name).label(label).description(description).datasource(SOURCE).query(query)
        .refresh(models.VariableRefresh.ON_TIME_RANGE_CHANGED).sort(order).multi(False)
        .include_all(False).hide(models.VariableHide.DONT_HIDE)
    )  # fmt: skip


ATHLETES: Final = 'SHOW TAG VALUES WITH KEY = "ath"'


def athlete_variable() -> dashboard.QueryVariable:
    """Return the choice of a runner: a pseudonym, for names are in the hub's registry only."""
    return chosen("athlete", "Athlete (pseudonym)", "Names are in the hub's registry only.", ATHLETES)


def page(
    uid: str, title: str, description: str, since: str, links: Sequence[tuple[str, str]], *, refresh: str = "10s"
) -> dashboard.Dashboard:
    """Return a dashboard that nobody edits in place. links : title and uid of the others."""
    made = (
        dashboard.Dashboard(title).uid(uid).description(description).tags(["sensor_hub"]).readonly().version(1)
        .tooltip(models.DashboardCursorSync.CROSSHAIR).timezone("browser").refresh(refresh).time(since, "now")
    )  # fmt: skip
    for text, other in links:
        link = dashboard.DashboardLink(text).type(models.DashboardLinkType.LINK).url(f"/d/{other}").icon("dashboard")
        made.link(link.keep_time(False).include_vars(False).target_blank(False).as_dropdown(False).tags([]).tooltip(""))
    return made


def with_panels(made: dashboard.Dashboard, panels: Iterable[Any]) -> dashboard.Dashboard:
    """Add panels from left to right and from top to bottom, numbered from 1."""
    x = y = lowest = 0
    for number_, panel in enumerate(panels, start=1):
        size = panel.build().grid_pos
        if x + size.w > WIDTH:
            x, y = 0, lowest
        made.with_panel(panel.id(number_).grid_pos(models.GridPos(h=size.h, w=size.w, x=x, y=y)))
        x, lowest = x + size.w, max(lowest, y + size.h)
    return made
