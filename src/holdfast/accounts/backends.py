"""Sign-in by email and password."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from holdfast.accounts.models import User


class EmailBackend(BaseBackend):
    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **_: Any
    ) -> User | None:
        user = User.objects.filter(email=(username or "").strip().lower()).first()
        if user is None:
            make_password(password)  # as slow as a wrong password, so that addresses cannot be found out
            return None
        return user if user.is_active and user.check_password(password or "") else None

    def get_user(self, user_id: Any) -> User | None:
        return User.objects.filter(pk=user_id, is_active=True).first()
