/** Tells the parent where this server listens, then its CPU time in µs whenever it is asked. */
export function tellUsage(url: string): void {
  process.send?.({ url });
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send?.({ cpu_us: user + system });
  });
}
