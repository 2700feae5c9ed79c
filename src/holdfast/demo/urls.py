"""The demo's own pages; each answers 404 where the demo is not on."""

from django.urls import path

from holdfast.demo import site, views

app_name = "demo"
urlpatterns = [
    path("site/<slug:org>/", site.page, name="site"),
    path("mail", views.mails, name="mails"),
    path("mail/<int:mail_id>", views.mail, name="mail"),
    path("mail/<int:mail_id>/html", views.mail_html, name="mail-html"),
    path("mail/<int:mail_id>/calendar.ics", views.mail_calendar, name="mail-calendar"),
]
