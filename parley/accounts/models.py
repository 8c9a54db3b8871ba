"""Who signs in (Identity) and who they are in an organisation (User), with orgs and teams."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from parley.core.tenancy import ROLES

DEFAULT_CONSENT = (
    "This practice call is recorded and transcribed. You talk to an AI voice, not to a person. Recording and "
    "transcript are used to score the call and to coach you, and are deleted after your organisation's "
    "retention period."
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
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "orgs"
        constraints = [
            models.CheckConstraint(condition=models.Q(week_start__lte=6), name="orgs_week_start_0_to_6"),
            models.CheckConstraint(condition=models.Q(retention_days__gte=1), name="orgs_retention_at_least_a_day"),
        ]

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """People who are managed together."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="teams")
    name = models.CharField(max_length=120)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    manager = models.ForeignKey("User", on_delete=models.SET_NULL, null=True, blank=True, related_name="managed_teams")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "teams"
        constraints = [models.UniqueConstraint(fields=["org", "name"], name="teams_name_once_per_org")]

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
    team = models.ForeignKey(Team, on_delete=models.SET_NULL, null=True, blank=True, related_name="users")
    avatar_url = models.CharField(max_length=255, blank=True)
    bio = models.TextField(blank=True)
    timezone = models.CharField(max_length=64, blank=True)
    locale = models.CharField(max_length=16, default="en-US")
    is_active = models.BooleanField(default=True)
    last_login_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "users"
        constraints = [
            models.UniqueConstraint(fields=["org", "identity"], name="users_identity_once_per_org"),
            models.UniqueConstraint(fields=["org", "external_id"], name="users_external_id_once_per_org"),
            models.UniqueConstraint("org", Lower("email"), name="users_email_once_per_org"),
            models.CheckConstraint(condition=models.Q(role__in=ROLES), name="users_role_known"),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """First and last name, or the e-mail address when both are empty."""
        return f"{self.first_name} {self.last_name}".strip() or self.email


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
