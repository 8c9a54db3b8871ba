"""What components show, as frozen dataclasses: tables read from an address, charts, trends. No markup, no colours."""
