"""Keep what a question earned with the reference in the earlier parts."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the column up; results from before have none."""
    op.add_column("question_results", sa.Column("grafted", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Take the column back."""
    with op.batch_alter_table("question_results") as table:
        table.drop_column("grafted")
