'use strict';
// Brings the figures up to date; the page works without it. What somebody is typing into or has opened is left alone.
(() => {
  const url = document.body.dataset.refresh || location.href;
  const every = Number(document.body.dataset.every);
  const live = document.getElementById('live');
  let shown = live.textContent.replace('As of ', '');

  const busy = part =>
    part.querySelector('details[open]') !== null ||
    (part.contains(document.activeElement) && document.activeElement.matches('input, summary, button, a'));

  function take(html) {
    const fresh = new DOMParser().parseFromString(html, 'text/html');
    let held = false;
    for (const part of document.querySelectorAll('.part')) {
      const next = fresh.getElementById(part.id);
      if (next === null) throw new Error('no part ' + part.id);
      if (busy(part)) {
        held = true;
      } else if (part.innerHTML !== next.innerHTML) {
        part.replaceChildren(...next.childNodes);
      }
    }
    shown = fresh.querySelector('.at').textContent;
    live.textContent = held ? 'Paused below while a form is in use, ' + shown : '\u25cf Live, ' + shown;
    live.classList.remove('lost');
  }

  async function refresh() {
    if (!document.hidden) {
      try {
        const answer = await fetch(url, { signal: AbortSignal.timeout(10000) });
        if (!answer.ok) throw new Error('HTTP ' + answer.status);
        take(await answer.text());
      } catch (fault) {
        live.textContent = 'Connection lost, showing ' + shown;
        live.classList.add('lost');
      }
    }
    setTimeout(refresh, every);
  }

  setTimeout(refresh, every);
})();
