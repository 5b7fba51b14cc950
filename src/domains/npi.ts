/** Whether an NPI's check digit holds: Luhn over 80840 and the ten digits (45 CFR 162.406; ISO 7812). */
export function npiHolds(npi: string): boolean {
  if (!/^[12]\d{9}$/.test(npi)) return false;
  const sum = [...`80840${npi}`]
    .reverse()
    .map((digit, at) => (at % 2 === 0 ? Number(digit) : Number(digit) * 2))
    .reduce((total, product) => total + (product > 9 ? product - 9 : product), 0);
  return sum % 10 === 0;
}
