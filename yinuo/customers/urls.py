"""Addresses of the room."""

from django.urls import path

from yinuo.customers.pages import customers, portals, products, projects, suggestions

app_name = "customers"
urlpatterns = [
    path("", customers.customers, name="customers"),
    path("add/", customers.customer_add, name="customer_add"),
    path("similar/", customers.customer_similar, name="customer_similar"),
    path("<int:pk>/", customers.customer, name="customer"),
    path("<int:pk>/change/", customers.customer_change, name="customer_change"),
    path("<int:pk>/contacts/add/", customers.contact_add, name="contact_add"),
    path("<int:pk>/portals/add/", portals.portal_add, name="portal_add"),
    path("contacts/", customers.contacts, name="contacts"),
    path("contacts/<int:pk>/change/", customers.contact_change, name="contact_change"),
    path("products/", products.products, name="products"),
    path("products/add/", products.product_add, name="product_add"),
    path("products/<int:pk>/", products.product, name="product"),
    path("products/<int:pk>/change/", products.product_change, name="product_change"),
    path("products/<int:pk>/numbers/add/", products.part_number_add, name="part_number_add"),
    path("products/<int:pk>/numbers/<int:number>/remove/", products.part_number_remove, name="part_number_remove"),
    path("products/<int:pk>/drawings/add/", products.drawing_add, name="drawing_add"),
    path("products/<int:pk>/drawings/<int:drawing>/correct/", products.drawing_correct, name="drawing_correct"),
    path("products/<int:pk>/drawings/<int:drawing>/void/", products.drawing_void, name="drawing_void"),
    path("projects/", projects.projects, name="projects"),
    path("projects/add/", projects.project_add, name="project_add"),
    path("projects/<int:pk>/", projects.project, name="project"),
    path("projects/<int:pk>/change/", projects.project_change, name="project_change"),
    path("projects/<int:pk>/team/add/", projects.member_add, name="member_add"),
    path("projects/<int:pk>/team/<int:member>/leave/", projects.member_leave, name="member_leave"),
    path("portals/", portals.portals, name="portals"),
    path("portals/add/", portals.portal_add, name="portal_add"),
    path("portals/checks/", portals.portal_checks, name="portal_checks"),
    path("portals/<int:pk>/", portals.portal, name="portal"),
    path("portals/<int:pk>/change/", portals.portal_change, name="portal_change"),
    path("portals/<int:pk>/check/", portals.portal_check, name="portal_check"),
    path("suggestions/customers/", suggestions.customer_suggestions, name="customer_suggestions"),
    path("suggestions/products/", suggestions.product_suggestions, name="product_suggestions"),
    path("suggestions/projects/", suggestions.project_suggestions, name="project_suggestions"),
    path("suggestions/contacts/", suggestions.contact_suggestions, name="contact_suggestions"),
]
