// Kilometres or miles, and the language: sent as soon as it is chosen; the page is then made anew.

export async function sendChoice(event) {
  const chosen = Object.fromEntries(new FormData(event.currentTarget));
  const answer = await fetch("/api/show", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Sensor-Hub": "1" },
    body: JSON.stringify(chosen),
  });
  if (answer.ok) location.reload();
}
