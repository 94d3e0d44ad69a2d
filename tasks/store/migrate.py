"""Runs the migrations; loaded only where there is something to migrate."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from tasks.store.database import masked, revision_of, writing
from tasks.store.tables import HEAD
from yearbook.errors import Refusal

SCRIPTS = Path(__file__).parent / "migrations"


def configuration(connection: sa.Connection) -> Config:
    """Build the tool's settings in code, so an installed package needs no file beside it.

    Args:
        connection: The connection the migrations run on, inside its transaction.
    """
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def migrate(engine: sa.Engine) -> None:
    """Run the missing revisions in one transaction; whoever waited finds nothing left to do.

    Args:
        engine: The evidence database.

    Raises:
        Refusal: The database is newer than this software, or cannot be written.
    """
    with writing(engine) as connection:
        present = revision_of(connection)
        if present == HEAD:
            return
        config = configuration(connection)
        known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
        if present is not None and present not in known:
            todo = "升级本软件到建立该数据库的版本或更新的版本，再重新运行。"
            raise Refusal(f"存档数据库（{masked(engine.url)}）的版本 {present} 比本软件新", todo=todo)
        command.upgrade(config, "head")
