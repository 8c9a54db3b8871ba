"""Who signs in (Identity) and who they are in an organisation (User), with orgs and teams."""

from __future__ import annotations

import re
import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower

from parley.core.tenancy import ROLES

DEFAULT_CONSENT = (
    "This practice call is recorded and transcribed. You talk to an AI voice, not to a person. Recording and "
    "transcript are used to score the call and to coach you, and are deleted after your organisation's "
    "retention period."
)


TEAM_KINDS = ("division", "region", "branch", "team")
CONSENT_KINDS = ("recording", "ai_voice")
IMPORT_STATUSES = ("draft", "queued", "running", "done", "undoing", "undone", "failed")
FATES = ("new", "changed", "unchanged", "refused")
THEMES = ("system", "light", "dark")
NOTIFICATIONS = {
    "assigned": "Something is assigned to me",
    "due": "Something that I must do is due soon or overdue",
    "scored": "A call of mine has its score, or a person changed it",
    "digest": "A daily summary of my team",
}
"""What mails a person can switch off, by key; who leads nobody gets no summary."""
STATES = tuple(
    re.findall(
        r"\w\w",
        "AK AL AR AZ CA CO CT DC DE FL GA HI IA ID IL IN KS KY LA MA MD ME MI MN MO MS MT NC ND NE NH NJ NM NV NY OH "
        "OK OR PA PR RI SC SD TN TX UT VA VI VT WA WI WV WY GU AS MP",
    )
)


class IdentityManager(BaseUserManager["Identity"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Identity:
        """A person who can sign in; `password=None` leaves them without a password."""
        identity = self.model(email=self.normalize_email(email).lower(), **fields)
        identity.set_password(password)
        identity.save(using=self._db)
        return identity

    def get_by_natural_key(self, username: str | None) -> Identity:
        return self.get(email__iexact=username)


class Identity(AbstractBaseUser):
    """Who signs in. Global: one identity may be a user of several organisations."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(unique=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[IdentityManager] = IdentityManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        db_table = "identities"
        constraints = [models.UniqueConstraint(Lower("email"), name="identities_email_once")]

    def __str__(self) -> str:
        return self.email


class Org(models.Model):
    """An organisation: the tenant. Everything it owns carries `org_id`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    slug = models.SlugField(unique=True)
    external_id = models.CharField(max_length=64, null=True, blank=True, unique=True)
    plan = models.CharField(max_length=32, default="starter")
    entitlements = models.JSONField(default=dict, blank=True)
    stripe_customer_id = models.CharField(max_length=64, null=True, blank=True, unique=True)
    timezone = models.CharField(max_length=64, default="America/New_York")
    week_start = models.PositiveSmallIntegerField(default=1)
    retention_days = models.PositiveIntegerField(default=365)
    recording_consent_text = models.TextField(default=DEFAULT_CONSENT)
    consent_version = models.PositiveIntegerField(default=1, editable=False)
    fillers = models.JSONField(default=list, blank=True)
    reads_emotion = models.BooleanField(default=True)
    kpi_bands = models.JSONField(default=dict, blank=True, db_default={})
    """By measure: `good` and `fair`, each from and to; what is not here is judged as rubrics say."""
    logo_url = models.CharField(max_length=255, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "orgs"
        constraints = [
            models.CheckConstraint(condition=models.Q(week_start__lte=6), name="orgs_week_start_0_to_6"),
            models.CheckConstraint(condition=models.Q(retention_days__gte=1), name="orgs_retention_at_least_a_day"),
            models.CheckConstraint(condition=models.Q(consent_version__gte=1), name="orgs_consent_version_from_1"),
        ]

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """People who are managed together. Teams hang in a tree (division, region, branch, team).

    A manager sees what hangs below; the database refuses circles and parents of another organisation.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="teams")
    name = models.CharField(max_length=120)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    kind = models.CharField(max_length=16, default="team")
    manager = models.ForeignKey("User", on_delete=models.SET_NULL, null=True, blank=True, related_name="managed_teams")
    archived_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "teams"
        constraints = [
            models.UniqueConstraint(fields=["org", "name"], name="teams_name_once_per_org"),
            models.UniqueConstraint(fields=["org", "id"], name="teams_org_id"),
            models.CheckConstraint(condition=models.Q(kind__in=TEAM_KINDS), name="teams_kind_known"),
        ]

    def __str__(self) -> str:
        return self.name


class User(models.Model):
    """A person's profile and role in one organisation."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="users")
    identity = models.ForeignKey(Identity, on_delete=models.SET_NULL, null=True, blank=True, related_name="users")
    external_id = models.CharField(max_length=64, null=True, blank=True)  # noqa: DJ001 - unique when present
    role = models.CharField(max_length=16, default="trainee")
    email = models.EmailField()
    first_name = models.CharField(max_length=80, blank=True)
    last_name = models.CharField(max_length=80, blank=True)
    phone = models.CharField(max_length=32, blank=True)
    title = models.CharField(max_length=120, blank=True)
    company = models.CharField(max_length=120, blank=True)
    nmls_id = models.CharField(max_length=12, blank=True)
    licensed_states = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    team = models.ForeignKey(Team, on_delete=models.SET_NULL, null=True, blank=True, related_name="users")
    avatar_url = models.CharField(max_length=255, blank=True)
    bio = models.TextField(blank=True)
    timezone = models.CharField(max_length=64, blank=True)
    locale = models.CharField(max_length=16, default="en-US")
    theme = models.CharField(max_length=8, default="system")
    notifications = models.JSONField(default=dict, blank=True)
    is_active = models.BooleanField(default=True)
    invited_at = models.DateTimeField(null=True, blank=True)
    last_login_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "users"
        constraints = [
            models.UniqueConstraint(fields=["org", "identity"], name="users_identity_once_per_org"),
            models.UniqueConstraint(fields=["org", "external_id"], name="users_external_id_once_per_org"),
            models.UniqueConstraint("org", Lower("email"), name="users_email_once_per_org"),
            models.UniqueConstraint(fields=["org", "id"], name="users_org_id"),
            models.CheckConstraint(condition=models.Q(role__in=ROLES), name="users_role_known"),
            models.CheckConstraint(condition=models.Q(theme__in=THEMES), name="users_theme_known"),
            models.CheckConstraint(condition=models.Q(nmls_id__regex=r"^[0-9]{0,12}$"), name="users_nmls_id_digits"),
            models.CheckConstraint(
                condition=models.Q(licensed_states__contained_by=list(STATES)), name="users_licensed_states_known"
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """First and last name, or the e-mail address when both are empty."""
        return f"{self.first_name} {self.last_name}".strip() or self.email

    @property
    def is_invited(self) -> bool:
        """Is this person still to accept the invitation? Nobody signs in as them yet."""
        return self.is_active and self.identity_id is None

    def wants_mail(self, kind: str) -> bool:
        """Does the person want mails of this kind of `NOTIFICATIONS`? Yes until they say no."""
        return bool(self.notifications.get(kind, True))


class Consent(models.Model):
    """That one person agreed to a version of a text, until they withdraw: to being recorded, to an AI voice."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="consents")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="consents")
    kind = models.CharField(max_length=16)
    version = models.PositiveIntegerField()
    text = models.TextField()
    given_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "consents"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="consents_one_standing_per_kind",
            ),
            models.CheckConstraint(condition=models.Q(kind__in=CONSENT_KINDS), name="consents_kind_known"),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at__isnull=True) | models.Q(withdrawn_at__gte=models.F("given_at")),
                name="consents_withdrawn_after_given",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} v{self.version} of {self.user_id}"


class PeopleImport(models.Model):
    """A list of people that an admin brought in, from its preview to its undoing; rows go after thirty days."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="people_imports")
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+", db_constraint=False)
    file_name = models.CharField(max_length=160)
    header = models.JSONField(default=list)
    """The file's own headings; `columns` names what each was understood as, or is empty."""
    columns = models.JSONField(default=list)
    status = models.CharField(max_length=16, default="draft")
    invites = models.BooleanField(default=False)
    problem = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "people_imports"
        constraints = [
            models.UniqueConstraint(fields=["org", "id"], name="people_imports_org_id"),
            models.CheckConstraint(condition=models.Q(status__in=IMPORT_STATUSES), name="people_imports_status_known"),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.status})"

    @property
    def is_busy(self) -> bool:
        """Is a worker at it, or about to be?"""
        return self.status in ("queued", "running", "undoing")


class PeopleImportRow(models.Model):
    """One line of the list: what would be done with it and why, then what was done."""

    id = models.BigAutoField(primary_key=True)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="+", db_index=False)
    batch = models.ForeignKey(
        PeopleImport, on_delete=models.CASCADE, related_name="rows", db_column="import_id", db_index=False
    )
    line = models.PositiveIntegerField()
    email = models.CharField(max_length=254, blank=True)
    name = models.CharField(max_length=200, blank=True)
    fate = models.CharField(max_length=16)
    why = models.TextField(blank=True)
    cells = models.JSONField(default=list)
    values = models.JSONField(default=dict)
    done_at = models.DateTimeField(null=True, blank=True)
    made = models.UUIDField(null=True, blank=True)
    """The user that this line made."""

    class Meta:
        db_table = "people_import_rows"
        constraints = [
            models.UniqueConstraint(fields=["batch", "line"], name="people_import_rows_line_once"),
            models.CheckConstraint(condition=models.Q(fate__in=FATES), name="people_import_rows_fate_known"),
        ]

    def __str__(self) -> str:
        return f"line {self.line}: {self.fate}"


class ApiToken(models.Model):
    """A key for the command line and monitoring, shown once; only its SHA-256 is kept.

    An identity table, not a tenant's.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    identity = models.ForeignKey(Identity, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "api_tokens"

    def __str__(self) -> str:
        return self.name
