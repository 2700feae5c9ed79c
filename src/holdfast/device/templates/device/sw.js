{% load static %}import { serve } from "{% static "device/worker.js" %}";
serve({{ shell|safe }});
