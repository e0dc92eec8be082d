"""berths"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade():
    with op.batch_alter_table("ship") as ship:
        ship.add_column(sa.Column("berth", sa.String(10), server_default="at anchor", nullable=False))


def downgrade():
    with op.batch_alter_table("ship") as ship:
        ship.drop_column("berth")
