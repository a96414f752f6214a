"""An athlete's contact times beside a reference: a force plate, or another pod."""
