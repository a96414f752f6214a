"""What a diary of pain and symptoms says: how runs were answered, red flags, referrals, stops. Pure."""
