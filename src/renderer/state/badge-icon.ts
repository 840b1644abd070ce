/** The page's icon with a number in its corner, as an address; null: without one, as it is. */
export function badgeIcon(count: number): string | null {
  if (count <= 0) return null;
  const text = count > 9 ? '9+' : String(count);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" fill="none" stroke-width="3" stroke-linecap="round">
<rect width="32" height="32" rx="7" fill="#16181d"/><path d="M8 26V6" stroke="#8b93a7"/><path d="M8 20c0-7 16-5 16-14" stroke="#6ea8fe"/>
<circle cx="22" cy="22" r="10" fill="#f0b849"/><text x="22" y="22" fill="#16181d" font-family="system-ui,sans-serif" font-size="${count > 9 ? '11' : '15'}" font-weight="700" text-anchor="middle" dominant-baseline="central">${text}</text></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
