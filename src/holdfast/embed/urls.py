"""What other sites load."""

from django.urls import path

from holdfast.embed import views

app_name = "embed"
urlpatterns = [path("<slug:org>/embed.js", views.script, name="script")]
