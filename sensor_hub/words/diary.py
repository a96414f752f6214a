"""What was said in the diary, as sentences in the past."""

from sensor_hub.model.diary import Said


def said_sentence(said: Said, zone: str) -> str:
    """One line of the diary. zone : the athlete's, for times of day."""
    return type(said).__name__ + zone
