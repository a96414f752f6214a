"""What is said of the person: profile, medicines, care, episodes, too little load. Pure."""
