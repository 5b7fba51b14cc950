// Which drugs are controlled, so that no draft orders one (mission.md D16). Wider on purpose than the flag of a medication list (medications.ts): a substance whose
// schedule depends on the product (codeine, butalbital) is refused in every product, and so is whatever its name says belongs to a family.
// Source: 21 CFR 1308.11–15, schedules I to V, with common brand names; FDA's and DEA's changes through 2024. State law may control more.

const SCHEDULES = ['I', 'II', 'III', 'IV', 'V'] as const;
type DeaSchedule = (typeof SCHEDULES)[number];

const SUBSTANCES: Readonly<Record<DeaSchedule, string>> = {
  I: `heroin diamorphine marijuana marihuana cannabis tetrahydrocannabinol lsd lysergide mescaline peyote psilocybin psilocin mdma methaqualone ibogaine
    methcathinone mephedrone etizolam flualprazolam clonazolam bufotenine dimethyltryptamine`,
  II: `amphetamine dextroamphetamine methamphetamine lisdexamfetamine methylphenidate dexmethylphenidate phenmetrazine cocaine codeine morphine hydromorphone
    hydrocodone oxycodone oxymorphone fentanyl alfentanil sufentanil remifentanil carfentanil methadone levomethadyl meperidine pethidine levorphanol tapentadol
    oliceridine opium oripavine thebaine dihydrocodeine ethylmorphine diphenoxylate anileridine bezitramide racemorphan
    amobarbital pentobarbital secobarbital glutethimide phencyclidine nabilone
    adderall dexedrine zenzedi evekeo adzenys mydayis vyvanse ritalin concerta focalin daytrana quillivant jornay desoxyn dilaudid norco vicodin lortab hysingla zohydro
    oxycontin percocet percodan roxicodone endocet xtampza opana duragesic actiq sublimaze dolophine methadose demerol nucynta ms-contin mscontin kadian nembutal seconal cesamet`,
  III: `buprenorphine ketamine esketamine butalbital butabarbital thiopental aprobarbital talbutal benzphetamine phendimetrazine chlorphentermine clortermine
    dronabinol oxybate perampanel nalorphine lysergic tiletamine zolazepam xyrem xywav lumryz
    testosterone methyltestosterone nandrolone oxandrolone oxymetholone stanozolol fluoxymesterone boldenone trenbolone drostanolone mesterolone metenolone methenolone
    methandrostenolone methandienone androstenedione androstanediol dihydrotestosterone stanolone mibolerone norethandrolone ethylestrenol
    suboxone subutex sublocade zubsolv belbuca butrans brixadi ketalar spravato fioricet fiorinal esgic marinol syndros fycompa
    androgel testim fortesta axiron depo-testosterone delatestryl xyosted aveed testopel jatenzo tlando kyzatrex natesto androderm anadrol oxandrin winstrol`,
  IV: `alprazolam bromazepam chlordiazepoxide clobazam clonazepam clorazepate diazepam estazolam flurazepam halazepam loprazolam lorazepam lormetazepam midazolam
    nitrazepam oxazepam prazepam quazepam remimazolam temazepam triazolam barbital mephobarbital methohexital phenobarbital alfaxalone fospropofol brexanolone zuranolone
    carisoprodol meprobamate chloral paraldehyde ethchlorvynol ethinamate dichloralphenazone petrichloral
    zolpidem zaleplon zopiclone eszopiclone suvorexant lemborexant daridorexant tramadol dextropropoxyphene propoxyphene pentazocine butorphanol difenoxin eluxadoline
    phentermine diethylpropion mazindol pemoline sibutramine lorcaserin cathine fencamfamin fenproporex pipradrol modafinil armodafinil solriamfetol serdexmethylphenidate
    xanax ativan klonopin valium restoril halcion librium librax tranxene onfi sympazan doral versed byfavo ambien edluar intermezzo sonata lunesta belsomra dayvigo quviviq
    ultram ultracet conzip talwin stadol motofen viberzi adipex lomaira qsymia provigil nuvigil sunosi azstarys soma zulresso zurzuvae luminal brevital lusedra`,
  V: `pregabalin lacosamide brivaracetam cenobamate ezogabine ganaxolone lasmiditan pyrovalerone
    lyrica vimpat briviact xcopri potiga ztalmy reyvow lomotil`,
};
/** What the end of a name says of a substance that is not in the list. */
const FAMILIES: readonly (readonly [RegExp, DeaSchedule])[] = [
  [/(azepam|azolam|zolam)$/, 'IV'],
  [/barbital$/, 'IV'],
  [/(fentanil|fentanyl|nitazene|codone|morphone|codeine)$/, 'II'],
  [/(amphetamine|amfetamine|phenidate)$/, 'II'],
  [/(testosterone|bolone)$/, 'III'],
];
const SCHEDULE_OF: ReadonlyMap<string, DeaSchedule> = new Map(
  SCHEDULES.flatMap((schedule) => SUBSTANCES[schedule].split(/\s+/).map((name) => [name, schedule] as const)),
);

/** The schedule of the strictest controlled substance that is named anywhere in `text`, generic or brand; undefined where none is. */
export function controlledIn(text: string): DeaSchedule | undefined {
  const plain = text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
  const words = [...plain.split(/[^a-z]+/), ...plain.split(/[^a-z-]+/)];
  const found = words.flatMap((word) => SCHEDULE_OF.get(word) ?? FAMILIES.find(([ending]) => ending.test(word))?.[1] ?? []);
  return SCHEDULES.find((schedule) => found.includes(schedule));
}
