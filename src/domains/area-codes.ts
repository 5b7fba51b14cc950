// The time zones that a telephone number and a postal address may mean. A code or a state that spans two zones means both: who sends stays within both.
import { parsePhoneNumberFromString } from 'libphonenumber-js/min';

const EASTERN = 'America/New_York';
const CENTRAL = 'America/Chicago';
const MOUNTAIN = 'America/Denver';
const PACIFIC = 'America/Los_Angeles';
const BOISE = 'America/Boise';
const PHOENIX = 'America/Phoenix';

/** Zones → the geographic area codes wholly or partly in them. Codes without a place (500, 521–533, 600, 700, 710, 800, 833, 900 …) are left out. */
const AREA_CODES: readonly (readonly [zones: readonly string[], codes: string])[] = [
  [
    [EASTERN],
    '201 202 203 207 212 215 216 220 223 227 229 231 234 239 240 248 252 260 267 269 272 276 283 301 302 304 305 313 315 317 321 324 326 329 330 332 336 339 347 351 352 363 380 386 401 404 407 410 412 413 419 434 436 440 443 445 463 470 472 475 478 484 502 508 513 516 517 518 540 551 561 567 570 571 582 585 586 603 607 609 610 614 616 617 624 631 640 645 646 656 667 678 679 680 681 686 689 703 704 706 716 717 718 724 727 728 732 734 740 743 754 757 762 765 770 771 772 774 781 786 802 803 804 810 813 814 821 826 828 835 838 839 843 845 848 854 856 857 859 860 862 863 864 865 878 904 908 910 912 914 917 919 929 934 937 941 943 947 948 954 959 973 978 980 984 989',
  ],
  [
    [CENTRAL],
    '205 210 214 217 218 224 225 228 235 251 254 256 262 274 281 309 312 314 316 318 319 320 325 327 331 334 337 346 353 361 402 405 409 414 417 430 432 447 457 464 469 471 479 483 501 504 507 512 515 531 534 539 557 563 572 573 580 601 608 612 615 618 621 629 630 636 641 651 659 660 662 682 708 712 713 715 726 730 731 737 763 769 773 779 806 815 816 817 830 832 847 861 870 872 901 903 913 918 920 924 931 936 938 940 945 952 956 972 975 979 985',
  ],
  [[MOUNTAIN], '303 307 385 406 435 505 575 719 720 748 801 915 970 983'],
  [
    [PACIFIC],
    '206 209 213 253 279 310 323 341 350 357 360 369 408 415 424 425 442 503 509 510 530 559 562 564 619 626 628 650 657 661 669 702 707 714 725 738 747 760 805 818 820 831 837 840 858 909 916 925 949 951 971',
  ],
  [[EASTERN, CENTRAL], '219 270 364 423 448 574 606 729 812 850 906 930'],
  [[CENTRAL, MOUNTAIN], '308 605 620 701 785'],
  [[PACIFIC, MOUNTAIN], '775'],
  [[PACIFIC, BOISE], '208 458 541 986'],
  [[PHOENIX], '480 520 602 623'],
  [[PHOENIX, MOUNTAIN], '928'],
  [['America/Anchorage', 'America/Adak'], '907'],
  [['Pacific/Honolulu'], '808'],
  [['America/Puerto_Rico'], '340 787 939'],
  [['Pacific/Guam'], '670 671'],
  [['Pacific/Pago_Pago'], '684'],
  [['America/Toronto'], '226 249 263 289 343 354 365 382 416 437 438 450 514 519 548 579 613 647 683 705 742 753 905 942'],
  [['America/Toronto', 'America/Halifax'], '273 367 418 468 581 819 873'],
  [['America/Toronto', 'America/Winnipeg'], '807'],
  [['America/Winnipeg'], '204 431 584'],
  [['America/Regina', 'America/Edmonton'], '306 474 639'],
  [['America/Edmonton'], '368 403 587 780 825'],
  [['America/Vancouver', 'America/Edmonton'], '236 250 257 604 672 778'],
  [['America/Halifax'], '428 506 782 902'],
  [['America/St_Johns', 'America/Halifax'], '709 879'],
  [['America/Whitehorse', 'America/Edmonton', 'America/Winnipeg', 'America/Toronto'], '867'],
  [['America/Nassau'], '242'],
  [['America/Grand_Turk'], '649'],
  [['America/Jamaica'], '345 658 876'],
  [['Atlantic/Bermuda'], '441'],
  [['America/Puerto_Rico'], '246 264 268 284 473 664 721 758 767 784 809 829 849 868 869'],
];

const ZONES_OF_CODE = new Map(AREA_CODES.flatMap(([zones, codes]) => codes.split(' ').map((code) => [code, zones] as const)));

/** USPS state or territory → its zones. */
const STATES: readonly (readonly [zones: readonly string[], states: string])[] = [
  [[EASTERN], 'CT DE DC GA ME MD MA NH NJ NY NC OH PA RI SC VT VA WV'],
  [[CENTRAL], 'AL AR IL IA LA MN MS MO OK WI'],
  [[MOUNTAIN], 'CO MT NM UT WY'],
  [[PACIFIC], 'CA WA'],
  [[EASTERN, CENTRAL], 'FL IN KY MI TN'],
  [[CENTRAL, MOUNTAIN], 'KS NE ND SD TX'],
  [[PACIFIC, MOUNTAIN], 'NV'],
  [[PACIFIC, BOISE], 'ID OR'],
  [[PHOENIX, MOUNTAIN], 'AZ'],
  [['America/Anchorage', 'America/Adak'], 'AK'],
  [['Pacific/Honolulu'], 'HI'],
  [['America/Puerto_Rico'], 'PR VI'],
  [['Pacific/Guam'], 'GU MP'],
  [['Pacific/Pago_Pago'], 'AS'],
];
const ZONES_OF_STATE = new Map(STATES.flatMap(([zones, states]) => states.split(' ').map((state) => [state, zones] as const)));

/** Where the first three digits of a ZIP code tell the side: the state's one zone, and the prefixes that lie in another, or in both. */
const ZIP_SIDES: Readonly<Record<string, { rest: string; other: Readonly<Record<string, string>>; both: readonly string[] }>> = {
  TX: { rest: CENTRAL, other: { '799': MOUNTAIN, '885': MOUNTAIN }, both: ['798'] },
  FL: { rest: EASTERN, other: { '325': CENTRAL }, both: ['324'] },
  MI: { rest: EASTERN, other: {}, both: ['498', '499'] },
  TN: { rest: CENTRAL, other: Object.fromEntries(['374', '376', '377', '378', '379'].map((zip) => [zip, EASTERN])), both: ['373', '385'] },
  AZ: { rest: PHOENIX, other: {}, both: ['860', '865'] },
  NV: { rest: PACIFIC, other: {}, both: ['898'] },
  OR: { rest: PACIFIC, other: {}, both: ['979'] },
  ID: { rest: BOISE, other: { '838': PACIFIC }, both: ['835'] },
};

/** The zones (IANA) that the area code of a North American number may mean; none for a number without a place (toll-free), from elsewhere, or unreadable.
 *  `phone` is E.164, or a US number as people write it. A mobile number moves with its owner: this says where it was given, not where they are.
 *  Source: NANPA area codes (nanpa.com); area-codes.test.ts holds them against the codes that libphonenumber knows. A code that lies in two zones has both. */
export function zonesOfPhone(phone: string): readonly string[] {
  const number = parsePhoneNumberFromString(phone, 'US');
  return number?.countryCallingCode === '1' ? (ZONES_OF_CODE.get(number.nationalNumber.slice(0, 3)) ?? []) : [];
}

/** The zones (IANA) that a US postal address may mean; none where the state is not known. `state` is the USPS abbreviation.
 *  Source: 49 CFR 71 (limits of the time zones); USPS ZIP code prefixes. */
export function zonesOfAddress(address: { state?: string | undefined; postal_code?: string | undefined }): readonly string[] {
  const state = address.state?.trim().toUpperCase() ?? '';
  const zones = ZONES_OF_STATE.get(state) ?? [];
  const sides = ZIP_SIDES[state];
  const zip = address.postal_code?.trim() ?? '';
  if (sides === undefined || !/^\d{5}/.test(zip) || sides.both.includes(zip.slice(0, 3))) return zones;
  return [sides.other[zip.slice(0, 3)] ?? sides.rest];
}

/** All zones that a patient's number and address may mean together; none where neither tells. */
export function zonesOf(patient: { phone: string; state?: string | undefined; postal_code?: string | undefined }): readonly string[] {
  return [...new Set([...zonesOfPhone(patient.phone), ...zonesOfAddress(patient)])];
}
