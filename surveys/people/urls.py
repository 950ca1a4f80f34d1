from django.urls import path

from surveys.views import members, people, people_lists, people_units

urlpatterns = [
    path("members/", members.members, name="members"),
    path("members/<uuid:membership_id>/", members.manager, name="manager"),
    path("", people.people, name="people"),
    path("new/", people.new_person, name="new-person"),
    path("selected/", people.selected_people, name="selected-people"),
    path("<uuid:participant_id>/", people.person, name="person"),
    path("<uuid:participant_id>/remove/", people.remove_person, name="remove-person"),
    path("units/", people_units.unit_list, name="units"),
    path("units/<uuid:unit_id>/", people_units.unit, name="unit"),
    path("attributes/", people_units.attribute_list, name="attributes"),
    path("attributes/<uuid:attribute_id>/", people_units.attribute, name="attribute"),
    path("lists/new/", people_lists.new_list, name="new-people-list"),
    path("lists/<uuid:list_id>/", people_lists.people_list, name="people-list"),
    path(
        "lists/<uuid:list_id>/rejected.csv",
        people_lists.rejected_csv,
        name="rejected-people",
    ),
]
