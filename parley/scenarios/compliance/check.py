"""One compliance check of a rubric: what words break it, or what must be said, and the rule behind it."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from parley.scenarios.compliance.wording import Wording, WordingError, compile_wordings

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*$", max_length=80)]
Severity = Literal["fail", "major", "minor"]
SEVERITIES: tuple[Severity, ...] = ("fail", "major", "minor")
CheckKind = Literal["never", "always", "with", "reply", "figure"]

WORDINGS = ("say", "unless", "when", "heard")
RATE = "rate_mentioned"


class ComplianceCheck(BaseModel):
    """One rule that words can decide.

    `never`: `say` must not be said. `always`: `say` must be said. `with`: whenever the rep says `when`, `say` belongs
    to it. `reply`: when the buyer says `heard`, the rep's next answer must hold `say`. `figure`: a number that the rep
    names must be one of the organisation's dated figures.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, serialize_by_alias=True)

    id: Id = Field(examples=["C09"])
    label: str
    severity: Severity
    twice: Severity | None = Field(default=None, description="Severity when it happened twice or more.")
    rule: str = Field(default="", description="The rule in plain language.")
    source: str = Field(default="", description="Where the rule stands.")
    jurisdiction: str = Field(default="", examples=["US"])
    kind: CheckKind | None = None
    say: list[str] = Field(
        default_factory=list, description="Wordings; docs/reference/compliance.md has their small language."
    )
    unless: list[str] = Field(default_factory=list, description="Wordings in the same sentence that excuse it.")
    when: list[str] = Field(
        default_factory=list, description="For `with`: what calls for it; `rate_mentioned` is any rate of one's own."
    )
    heard: list[str] = Field(default_factory=list, description="For `reply`: what the buyer says.")
    within: Literal["call", "opening", "same_answer", "before"] = Field(
        default="call", description="`opening`: the first three turns; `before`: in the same answer or earlier."
    )
    questions: bool = Field(default=True, description="For `never`: counts in questions too.")
    negated: bool = Field(default=True, description="For `never`: a negation before it in its clause excuses it.")
    figures: Literal["rates", "limits"] | None = Field(
        default=None, description="For `figure`: which of the organisation's figures, frozen in `lender`."
    )
    phrase: Id | None = Field(
        default=None, description="In place of wordings: a phrase of the rubric that must be said."
    )
    forbidden: list[Id] = Field(
        default_factory=list, description="In place of wordings: forbidden phrases of the rubric."
    )
    match: dict[str, list[Wording]] = Field(
        default_factory=dict, description="Made from the wordings, in whose place a rubric keeps it."
    )

    @model_validator(mode="before")
    @classmethod
    def _compiled(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        match = dict(data.get("match") or {})
        for name in WORDINGS:
            said = [say for say in data.get(name) or [] if say != RATE]
            if said:
                try:
                    match[name] = compile_wordings(said)
                except WordingError as error:
                    raise ValueError(f"{data.get('id')}.{name}: {error}") from None
        return {**data, "match": match}

    @model_validator(mode="after")
    def _checks_something(self) -> Self:
        ways = [self.phrase is not None, bool(self.forbidden), self.kind is not None]
        if sum(ways) != 1:
            raise ValueError(f"compliance check {self.id!r} needs exactly one of kind, phrase and forbidden")
        needs = {"never": ["say"], "always": ["say"], "with": ["say", "when"], "reply": ["say", "heard"]}
        for name in needs.get(self.kind or "", []):
            if not getattr(self, name) and name not in self.match:
                raise ValueError(f"compliance check {self.id!r} of kind {self.kind} needs {name}; add wordings")
        if (self.kind == "figure") != (self.figures is not None):
            raise ValueError(
                f"compliance check {self.id!r}: `figures` belongs to kind figure, and kind figure needs it"
            )
        return self
