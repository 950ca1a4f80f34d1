from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.report_out_aggregation import ReportOutAggregation
  from ..models.report_out_cfa_type_0 import ReportOutCfaType0
  from ..models.report_out_design_type_0 import ReportOutDesignType0
  from ..models.report_out_dimensionality import ReportOutDimensionality
  from ..models.report_out_factors import ReportOutFactors
  from ..models.report_out_groups import ReportOutGroups
  from ..models.report_out_htmt import ReportOutHtmt
  from ..models.report_out_htmt_intervals import ReportOutHtmtIntervals
  from ..models.report_out_loyalty import ReportOutLoyalty
  from ..models.report_out_model_type_0 import ReportOutModelType0
  from ..models.report_out_models import ReportOutModels
  from ..models.report_out_outcomes import ReportOutOutcomes
  from ..models.report_out_scales import ReportOutScales
  from ..models.report_out_settings import ReportOutSettings
  from ..models.report_out_software import ReportOutSoftware
  from ..models.report_out_title import ReportOutTitle
  from ..models.report_out_weights import ReportOutWeights





T = TypeVar("T", bound="ReportOut")



@_attrs_define
class ReportOut:
    """ The stored report, as `analytics.results.Report.to_json` wrote it.

    An estimate is {estimate, low, high, n, method}, or {estimate: null, reason}. Later
    schema versions add keys; they change none.

        Attributes:
            schema_version (int):
            title (ReportOutTitle):
            n_rows (int):
            n_complete (int):
            simulated (bool):
            instruments (list[Any]):
            scales (ReportOutScales):
            outcomes (ReportOutOutcomes):
            dimensionality (ReportOutDimensionality):
            factors (ReportOutFactors):
            htmt (ReportOutHtmt):
            loyalty (ReportOutLoyalty):
            notices (list[Any]):
            settings (ReportOutSettings):
            software (ReportOutSoftware):
            input_sha256 (None | str):
            warnings (list[Any]):
            weights (ReportOutWeights | Unset):
            htmt_intervals (ReportOutHtmtIntervals | Unset):
            aggregation (ReportOutAggregation | Unset):
            cfa (None | ReportOutCfaType0 | Unset):
            models (ReportOutModels | Unset):
            groups (ReportOutGroups | Unset):
            model (None | ReportOutModelType0 | Unset):
            by_instrument (list[Any] | Unset):
            others (list[Any] | Unset):
            design (None | ReportOutDesignType0 | Unset):
     """

    schema_version: int
    title: ReportOutTitle
    n_rows: int
    n_complete: int
    simulated: bool
    instruments: list[Any]
    scales: ReportOutScales
    outcomes: ReportOutOutcomes
    dimensionality: ReportOutDimensionality
    factors: ReportOutFactors
    htmt: ReportOutHtmt
    loyalty: ReportOutLoyalty
    notices: list[Any]
    settings: ReportOutSettings
    software: ReportOutSoftware
    input_sha256: None | str
    warnings: list[Any]
    weights: ReportOutWeights | Unset = UNSET
    htmt_intervals: ReportOutHtmtIntervals | Unset = UNSET
    aggregation: ReportOutAggregation | Unset = UNSET
    cfa: None | ReportOutCfaType0 | Unset = UNSET
    models: ReportOutModels | Unset = UNSET
    groups: ReportOutGroups | Unset = UNSET
    model: None | ReportOutModelType0 | Unset = UNSET
    by_instrument: list[Any] | Unset = UNSET
    others: list[Any] | Unset = UNSET
    design: None | ReportOutDesignType0 | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.report_out_aggregation import ReportOutAggregation # noqa: PLC0415
        from ..models.report_out_cfa_type_0 import ReportOutCfaType0 # noqa: PLC0415
        from ..models.report_out_design_type_0 import ReportOutDesignType0 # noqa: PLC0415
        from ..models.report_out_dimensionality import ReportOutDimensionality # noqa: PLC0415
        from ..models.report_out_factors import ReportOutFactors # noqa: PLC0415
        from ..models.report_out_groups import ReportOutGroups # noqa: PLC0415
        from ..models.report_out_htmt import ReportOutHtmt # noqa: PLC0415
        from ..models.report_out_htmt_intervals import ReportOutHtmtIntervals # noqa: PLC0415
        from ..models.report_out_loyalty import ReportOutLoyalty # noqa: PLC0415
        from ..models.report_out_model_type_0 import ReportOutModelType0 # noqa: PLC0415
        from ..models.report_out_models import ReportOutModels # noqa: PLC0415
        from ..models.report_out_outcomes import ReportOutOutcomes # noqa: PLC0415
        from ..models.report_out_scales import ReportOutScales # noqa: PLC0415
        from ..models.report_out_settings import ReportOutSettings # noqa: PLC0415
        from ..models.report_out_software import ReportOutSoftware # noqa: PLC0415
        from ..models.report_out_title import ReportOutTitle # noqa: PLC0415
        from ..models.report_out_weights import ReportOutWeights # noqa: PLC0415
        schema_version = self.schema_version

        title = self.title.to_dict()

        n_rows = self.n_rows

        n_complete = self.n_complete

        simulated = self.simulated

        instruments = self.instruments



        scales = self.scales.to_dict()

        outcomes = self.outcomes.to_dict()

        dimensionality = self.dimensionality.to_dict()

        factors = self.factors.to_dict()

        htmt = self.htmt.to_dict()

        loyalty = self.loyalty.to_dict()

        notices = self.notices



        settings = self.settings.to_dict()

        software = self.software.to_dict()

        input_sha256: None | str
        input_sha256 = self.input_sha256

        warnings = self.warnings



        weights: dict[str, Any] | Unset = UNSET
        if not isinstance(self.weights, Unset):
            weights = self.weights.to_dict()

        htmt_intervals: dict[str, Any] | Unset = UNSET
        if not isinstance(self.htmt_intervals, Unset):
            htmt_intervals = self.htmt_intervals.to_dict()

        aggregation: dict[str, Any] | Unset = UNSET
        if not isinstance(self.aggregation, Unset):
            aggregation = self.aggregation.to_dict()

        cfa: dict[str, Any] | None | Unset
        if isinstance(self.cfa, Unset):
            cfa = UNSET
        elif isinstance(self.cfa, ReportOutCfaType0):
            cfa = self.cfa.to_dict()
        else:
            cfa = self.cfa

        models: dict[str, Any] | Unset = UNSET
        if not isinstance(self.models, Unset):
            models = self.models.to_dict()

        groups: dict[str, Any] | Unset = UNSET
        if not isinstance(self.groups, Unset):
            groups = self.groups.to_dict()

        model: dict[str, Any] | None | Unset
        if isinstance(self.model, Unset):
            model = UNSET
        elif isinstance(self.model, ReportOutModelType0):
            model = self.model.to_dict()
        else:
            model = self.model

        by_instrument: list[Any] | Unset = UNSET
        if not isinstance(self.by_instrument, Unset):
            by_instrument = self.by_instrument



        others: list[Any] | Unset = UNSET
        if not isinstance(self.others, Unset):
            others = self.others



        design: dict[str, Any] | None | Unset
        if isinstance(self.design, Unset):
            design = UNSET
        elif isinstance(self.design, ReportOutDesignType0):
            design = self.design.to_dict()
        else:
            design = self.design


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "schema_version": schema_version,
            "title": title,
            "n_rows": n_rows,
            "n_complete": n_complete,
            "simulated": simulated,
            "instruments": instruments,
            "scales": scales,
            "outcomes": outcomes,
            "dimensionality": dimensionality,
            "factors": factors,
            "htmt": htmt,
            "loyalty": loyalty,
            "notices": notices,
            "settings": settings,
            "software": software,
            "input_sha256": input_sha256,
            "warnings": warnings,
        })
        if weights is not UNSET:
            field_dict["weights"] = weights
        if htmt_intervals is not UNSET:
            field_dict["htmt_intervals"] = htmt_intervals
        if aggregation is not UNSET:
            field_dict["aggregation"] = aggregation
        if cfa is not UNSET:
            field_dict["cfa"] = cfa
        if models is not UNSET:
            field_dict["models"] = models
        if groups is not UNSET:
            field_dict["groups"] = groups
        if model is not UNSET:
            field_dict["model"] = model
        if by_instrument is not UNSET:
            field_dict["by_instrument"] = by_instrument
        if others is not UNSET:
            field_dict["others"] = others
        if design is not UNSET:
            field_dict["design"] = design

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.report_out_aggregation import ReportOutAggregation # noqa: PLC0415
        from ..models.report_out_cfa_type_0 import ReportOutCfaType0 # noqa: PLC0415
        from ..models.report_out_design_type_0 import ReportOutDesignType0 # noqa: PLC0415
        from ..models.report_out_dimensionality import ReportOutDimensionality # noqa: PLC0415
        from ..models.report_out_factors import ReportOutFactors # noqa: PLC0415
        from ..models.report_out_groups import ReportOutGroups # noqa: PLC0415
        from ..models.report_out_htmt import ReportOutHtmt # noqa: PLC0415
        from ..models.report_out_htmt_intervals import ReportOutHtmtIntervals # noqa: PLC0415
        from ..models.report_out_loyalty import ReportOutLoyalty # noqa: PLC0415
        from ..models.report_out_model_type_0 import ReportOutModelType0 # noqa: PLC0415
        from ..models.report_out_models import ReportOutModels # noqa: PLC0415
        from ..models.report_out_outcomes import ReportOutOutcomes # noqa: PLC0415
        from ..models.report_out_scales import ReportOutScales # noqa: PLC0415
        from ..models.report_out_settings import ReportOutSettings # noqa: PLC0415
        from ..models.report_out_software import ReportOutSoftware # noqa: PLC0415
        from ..models.report_out_title import ReportOutTitle # noqa: PLC0415
        from ..models.report_out_weights import ReportOutWeights # noqa: PLC0415
        d = dict(src_dict)
        schema_version = d.pop("schema_version")

        title = ReportOutTitle.from_dict(d.pop("title"))




        n_rows = d.pop("n_rows")

        n_complete = d.pop("n_complete")

        simulated = d.pop("simulated")

        instruments = cast(list[Any], d.pop("instruments"))


        scales = ReportOutScales.from_dict(d.pop("scales"))




        outcomes = ReportOutOutcomes.from_dict(d.pop("outcomes"))




        dimensionality = ReportOutDimensionality.from_dict(d.pop("dimensionality"))




        factors = ReportOutFactors.from_dict(d.pop("factors"))




        htmt = ReportOutHtmt.from_dict(d.pop("htmt"))




        loyalty = ReportOutLoyalty.from_dict(d.pop("loyalty"))




        notices = cast(list[Any], d.pop("notices"))


        settings = ReportOutSettings.from_dict(d.pop("settings"))




        software = ReportOutSoftware.from_dict(d.pop("software"))




        def _parse_input_sha256(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        input_sha256 = _parse_input_sha256(d.pop("input_sha256"))


        warnings = cast(list[Any], d.pop("warnings"))


        _weights = d.pop("weights", UNSET)
        weights: ReportOutWeights | Unset
        if isinstance(_weights,  Unset):
            weights = UNSET
        else:
            weights = ReportOutWeights.from_dict(_weights)




        _htmt_intervals = d.pop("htmt_intervals", UNSET)
        htmt_intervals: ReportOutHtmtIntervals | Unset
        if isinstance(_htmt_intervals,  Unset):
            htmt_intervals = UNSET
        else:
            htmt_intervals = ReportOutHtmtIntervals.from_dict(_htmt_intervals)




        _aggregation = d.pop("aggregation", UNSET)
        aggregation: ReportOutAggregation | Unset
        if isinstance(_aggregation,  Unset):
            aggregation = UNSET
        else:
            aggregation = ReportOutAggregation.from_dict(_aggregation)




        def _parse_cfa(data: object) -> None | ReportOutCfaType0 | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                cfa_type_0 = ReportOutCfaType0.from_dict(data)



                return cfa_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ReportOutCfaType0 | Unset, data)

        cfa = _parse_cfa(d.pop("cfa", UNSET))


        _models = d.pop("models", UNSET)
        models: ReportOutModels | Unset
        if isinstance(_models,  Unset):
            models = UNSET
        else:
            models = ReportOutModels.from_dict(_models)




        _groups = d.pop("groups", UNSET)
        groups: ReportOutGroups | Unset
        if isinstance(_groups,  Unset):
            groups = UNSET
        else:
            groups = ReportOutGroups.from_dict(_groups)




        def _parse_model(data: object) -> None | ReportOutModelType0 | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                model_type_0 = ReportOutModelType0.from_dict(data)



                return model_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ReportOutModelType0 | Unset, data)

        model = _parse_model(d.pop("model", UNSET))


        by_instrument = cast(list[Any], d.pop("by_instrument", UNSET))


        others = cast(list[Any], d.pop("others", UNSET))


        def _parse_design(data: object) -> None | ReportOutDesignType0 | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                design_type_0 = ReportOutDesignType0.from_dict(data)



                return design_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ReportOutDesignType0 | Unset, data)

        design = _parse_design(d.pop("design", UNSET))


        report_out = cls(
            schema_version=schema_version,
            title=title,
            n_rows=n_rows,
            n_complete=n_complete,
            simulated=simulated,
            instruments=instruments,
            scales=scales,
            outcomes=outcomes,
            dimensionality=dimensionality,
            factors=factors,
            htmt=htmt,
            loyalty=loyalty,
            notices=notices,
            settings=settings,
            software=software,
            input_sha256=input_sha256,
            warnings=warnings,
            weights=weights,
            htmt_intervals=htmt_intervals,
            aggregation=aggregation,
            cfa=cfa,
            models=models,
            groups=groups,
            model=model,
            by_instrument=by_instrument,
            others=others,
            design=design,
        )


        report_out.additional_properties = d
        return report_out

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
