"""author"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade():
    with op.batch_alter_table("post") as post:
        post.add_column(sa.Column("author", sa.String(40), server_default="unknown", nullable=False))


def downgrade():
    with op.batch_alter_table("post") as post:
        post.drop_column("author")
