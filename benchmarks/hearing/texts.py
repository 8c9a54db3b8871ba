"""What is said in the benchmarks of hearing: texts with known fillers and fluent ones, in two halves.

Nothing was tuned on the texts of `HELD_OUT`, nor on the voices of that half.
"""

from __future__ import annotations

from dataclasses import dataclass

FILLED_PAUSES = frozenset({"um", "umm", "uhm", "uh", "uhh", "er", "erm"})
"""They stand for one another: which of them was said is a matter of spelling."""


@dataclass(frozen=True)
class Half:
    """One half of the texts: `filled` hold fillers, `fluent` hold none but words that sound like them."""

    filled: tuple[str, ...]
    fluent: tuple[str, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        return self.filled + self.fluent


TUNED = Half(
    filled=(
        "Hi Marcus, um, this is Dana from Lakeside Mortgage.",
        "So, uh, what rate were you quoted, and, um, did it come with points?",
        "Uh, I understand. Let me, uh, take a look at that for you.",
        "Your payment would go down by about two hundred dollars, um, every month.",
        "Um, well, the closing costs are part of the annual percentage rate.",
        "The, um, appraisal came in a little low, so we, uh, need a second opinion.",
        "I can, erm, send you the loan estimate this afternoon.",
        "We could, uh, lock the rate today, or, er, wait until the end of the week.",
        "That is a good question. Um, it depends on how long you plan to stay.",
        "What would, uh, have to happen for this to be an easy decision?",
        "Who else is, um, part of this decision with you?",
        "Er, have you compared the two offers side by side?",
        "Okay, um, so the escrow account covers the taxes and, uh, the insurance.",
        "Then I will, um, call you tomorrow at ten in the morning.",
        "Uh, sorry, um, could you say that again please?",
        "You told me that the house is, er, under contract.",
    ),
    fluent=(
        "I left my umbrella under the table in the other room.",
        "Or we could offer her a lower rate for the first year.",
        "The error in the report was ours, and I am sorry for it.",
        "How much of the equity would you like to use for the kitchen?",
        "A mortgage is a loan, and the house is the security for it.",
        "No. No, I do not think that the summer is a bad time.",
        "Let me make sure that I understand. You want a payment that does not change.",
        "What matters most to you about the new loan?",
        "Some of the money comes from your mother, is that right?",
        "I hear that a lot, and I am happy to go over the numbers again.",
    ),
)

HELD_OUT = Half(
    filled=(
        "Good morning, um, my name is Elena and I work for Harbor Home Loans.",
        "Before we start, uh, may I ask you a few questions?",
        "Um, how did you, uh, hear about us in the first place?",
        "The insurance premium is, uh, paid once a year, um, at the anniversary.",
        "We would need, er, two pay stubs and your, um, last tax return.",
        "So what I am hearing is, um, that speed matters more than the price.",
        "Uh, the lender fee is the same for everybody.",
        "I would be happy to, um, walk you through the numbers.",
        "There are, erm, three ways to bring the payment down.",
        "If the seller, uh, agrees, we can close before the holidays.",
    ),
    fluent=(
        "The number on the letter is under the summary.",
        "Her brother and her uncle both applied for a loan here.",
        "Would you rather pay a point or take the higher rate?",
        "Yes. Yes, that is the one with the garage on the corner.",
        "Adam and Ursula are early, and the agent is on her way.",
    ),
)
