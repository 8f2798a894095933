import asyncio
import threading
import time

from api.app import create_app
from api.settings import Settings
from tests.aside import run_aside


def test_a_connection_in_use_is_waited_for_when_the_process_stops(settings: Settings) -> None:
    app = create_app(settings)
    begun, given_back = threading.Event(), threading.Event()

    def ask() -> None:
        with app.state.house.engine.connect() as connection:
            begun.set()
            time.sleep(0.3)
            connection.exec_driver_sql("SELECT 1")
        given_back.set()

    asking = threading.Thread(target=ask)

    async def serve() -> None:
        async with app.router.lifespan_context(app):
            asking.start()
            await asyncio.to_thread(begun.wait)

    run_aside(serve())
    assert given_back.is_set()
    asking.join()
