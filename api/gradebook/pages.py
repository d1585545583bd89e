"""Pages and single records of the gradebook, under OneRoster's collection names."""

from typing import Any, ClassVar

from pydantic import BaseModel, Field, PrivateAttr

from api.formats import Answer, ListAnswer
from api.gradebook.schemas import AssessmentResult, LineItem, Result


def wire_names(record: type[BaseModel]) -> dict[str, str]:
    """Our own name of each wire name."""
    return {field.alias or name: name for name, field in record.model_fields.items()}


class GradebookPage(ListAnswer):
    """One page of a collection; `fields=` leaves parts of its records out."""

    collection: ClassVar[str]
    _chosen: set[str] | None = PrivateAttr(None)

    def only(self, chosen: set[str] | None) -> "GradebookPage":
        """Keep these fields of each record; None keeps all."""
        self._chosen = chosen
        return self

    def encoded(self) -> bytes:
        """The JSON body; fields without a value are absent."""
        include: dict[str, Any] = dict.fromkeys(type(self).model_fields, True)
        if self._chosen is not None:
            include[self.collection] = {"__all__": self._chosen}
        return self.model_dump_json(by_alias=True, exclude_none=True, include=include).encode()


class AssessmentResults(GradebookPage):
    """Attempts at assessments."""

    collection = "assessment_results"
    assessment_results: list[AssessmentResult] = Field(description="The attempts of this page.")


class Results(GradebookPage):
    """Results on line items."""

    collection = "results"
    results: list[Result] = Field(description="The results of this page.")


class LineItems(GradebookPage):
    """What results are results of."""

    collection = "line_items"
    line_items: list[LineItem] = Field(description="The line items of this page.")


class AssessmentLineItems(GradebookPage):
    """What assessment results are results of."""

    collection = "assessment_line_items"
    assessment_line_items: list[LineItem] = Field(description="The line items of this page.")


class Single(Answer):
    """One record."""

    record_name: ClassVar[str]

    def encoded(self) -> bytes:
        """The JSON body; fields without a value are absent."""
        return self.model_dump_json(by_alias=True, exclude_none=True).encode()


class OneAssessmentResult(Single):
    """One attempt at an assessment."""

    record_name = "assessment_result"
    assessment_result: AssessmentResult = Field(description="The attempt.")


class OneResult(Single):
    """One result."""

    record_name = "result"
    result: Result = Field(description="The result.")


class OneLineItem(Single):
    """One line item."""

    record_name = "line_item"
    line_item: LineItem = Field(description="The line item.")


class OneAssessmentLineItem(Single):
    """One line item of assessments."""

    record_name = "assessment_line_item"
    assessment_line_item: LineItem = Field(description="The line item.")
