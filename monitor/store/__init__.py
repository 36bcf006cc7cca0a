"""The store: SQLAlchemy tables, migrations and queries. It keeps and finds; it judges nothing."""
