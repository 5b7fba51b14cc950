// Names by how often they are borne in the United States (Census 2010 surnames, SSA given names; the order of magnitude, not the decimals): how common a name is
// decides how hard it is to find its bearer.

/** The most common surnames, each with its bearers in 100,000 people. */
const COMMON_FAMILY =
  'Smith 828 Johnson 655 Williams 551 Brown 487 Jones 483 Garcia 395 Miller 393 Davis 378 Rodriguez 371 Martinez 359 Hernandez 353 Lopez 296 Gonzalez 285 Wilson 271 Anderson 265 Thomas 256 Taylor 254 Moore 245 Jackson 240 Martin 238 Lee 235 Perez 231 Thompson 225 White 223 Harris 211 Sanchez 207 Clark 190 Ramirez 188 Lewis 180 Robinson 179 Walker 177 Young 164 Allen 163 King 157 Wright 155 Scott 149 Torres 148 Nguyen 148 Hill 147 Flores 146 Green 146 Adams 145 Nelson 144 Baker 142 Hall 138 Rivera 137 Campbell 132 Mitchell 130 Carter 127 Roberts 127 Gomez 125 Phillips 122 Evans 120 Turner 118 Diaz 118 Parker 114 Cruz 113 Edwards 113 Collins 111 Reyes 110 Stewart 108 Morris 108 Morales 107 Murphy 105 Cook 103 Rogers 103 Gutierrez 98 Ortiz 97 Morgan 97 Cooper 95 Peterson 94 Bailey 94 Reed 94 Kelly 92 Howard 92 Ramos 91 Kim 89 Cox 89 Ward 88 Richardson 88 Watson 86 Brooks 86 Chavez 85 Wood 84 James 84 Bennett 83 Gray 83 Mendoza 82 Ruiz 81 Hughes 80 Price 80 Alvarez 79 Castillo 79 Sanders 78 Patel 78 Myers 77 Long 76 Ross 75 Foster 75 Jimenez 74 Powell 73 Jenkins 72 Perry 72 Russell 71 Sullivan 71 Bell 70 Coleman 70 Butler 69 Henderson 69 Barnes 68 Fisher 67 Vasquez 67 Simmons 66 Romero 65 Jordan 64 Patterson 64 Alexander 63 Hamilton 62 Graham 61 Reynolds 60 Griffin 60 Wallace 59 Moreno 58 West 58 Cole 57 Hayes 57 Bryant 56 Herrera 56 Gibson 55 Ellis 54 Tran 53 Medina 53 Aguilar 52 Stevens 51 Murray 51 Ford 51 Castro 50 Marshall 49 Owens 49 Harrison 48 Fernandez 48 McDonald 47 Woods 47 Washington 46 Kennedy 46 Wells 45 Vargas 44 Henry 44 Chen 43 Freeman 43 Webb 42 Tucker 41 Guzman 41 Burns 40 Crawford 40 Olson 39 Simpson 39 Porter 38 Hunter 38 Gordon 37 Mendez 36 Silva 36 Shaw 35 Snyder 35 Mason 34 Dixon 34 Munoz 33 Hunt 33 Hicks 32 Holmes 32 Palmer 31 Wagner 31 Black 30 Robertson 30 Boyd 29 Rose 29 Stone 28 Salazar 28 Fox 27 Warren 27 Mills 26 Meyer 26 Rice 25 Schmidt 25 Garza 24 Daniels 24 Ferguson 23 Nichols 23 Stephens 22 Soto 22 Weaver 21 Ryan 21 Gardner 20 Payne 20 Grant 19 Dunn 19 Kelley 18 Spencer 18 Hawkins 17';
/** Parts of rarer surnames: what nobody else on the street is called. */
const RARE_FIRST =
  'Abern Alder Ash Barr Beck Berg Birk Blank Bol Bran Brod Bur Cal Car Crom Dal Den Dor Dun Ed El Fair Fal Far Fen Gal Gar Gil Glen Gold Grun Hal Ham Har Hart Haw Hel Hol Hor Iver Jar Kel Ken Kir Kling Knut Kor Lam Lan Lar Lim Lind Lock Lom Mal Mar May Mel Mon Nor Oak Ol Os Pal Pem Pel Pet Quin Rad Ram Ros Roth Rud Sal Sand Shel Sten Strom Sul Tal Tan Thor Til Tor Und Van Ver Wal War Wes Whit Wil Wyn Yar Zel Zim'.split(
    ' ',
  );
const RARE_LAST =
  'aker bach beck berg berry bert borough bridge brook burn burgh bury by cott croft dale den don er field ford gard gate gren grove hall ham haven heim hill holm hurst ington ins kins land ley lin lock low man mark mer mond more ner ness over quist rath ridge rick rose sen shaw side son stad stead stein stone strand strom thal ton tree vale ville ward water way well wick wood worth'.split(
    ' ',
  );
const GIVEN_FEMALE =
  'Mary 26 Patricia 16 Linda 15 Barbara 14 Elizabeth 16 Jennifer 15 Maria 12 Susan 11 Margaret 9 Dorothy 6 Lisa 10 Nancy 9 Karen 10 Betty 7 Helen 6 Sandra 9 Donna 8 Carol 8 Ruth 6 Sharon 8 Michelle 9 Laura 7 Sarah 11 Kimberly 9 Deborah 8 Jessica 11 Shirley 6 Cynthia 7 Angela 8 Melissa 8 Brenda 7 Amy 7 Anna 6 Rebecca 7 Virginia 5 Kathleen 6 Pamela 6 Martha 4 Debra 6 Amanda 8 Stephanie 8 Carolyn 5 Christine 5 Marie 4 Janet 5 Catherine 5 Frances 4 Ann 4 Joyce 4 Diane 5 Alice 3 Julie 5 Heather 6 Teresa 4 Doris 3 Gloria 3 Evelyn 4 Jean 3 Cheryl 4 Mildred 2 Katherine 5 Joan 3 Ashley 7 Judith 4 Rose 3 Janice 3 Kelly 4 Nicole 6 Judy 3 Christina 5 Kathy 3 Theresa 3 Beverly 3 Denise 3 Tammy 3 Irene 2 Jane 2 Lori 3 Rachel 5 Marilyn 2 Andrea 4 Kathryn 3 Louise 2 Sara 3 Anne 2 Jacqueline 3 Wanda 2 Bonnie 2 Julia 3 Ruby 2 Lois 2 Tina 3 Phyllis 2 Norma 2 Paula 2 Diana 3 Annie 1 Lillian 2 Emily 6 Robin 2 Peggy 1 Crystal 3 Gladys 1 Rita 2 Dawn 3 Connie 2 Florence 1 Tracy 2 Edna 1 Tiffany 3 Carmen 2 Rosa 2 Cindy 2 Grace 3 Wendy 2 Victoria 4 Edith 1 Kim 1 Sherry 2 Sylvia 2 Josephine 1 Thelma 1 Shannon 3 Sheila 2 Ethel 1 Ellen 2 Elaine 2 Marjorie 1 Carrie 2 Charlotte 3 Monica 3 Esther 2 Pauline 1 Emma 5 Juanita 2 Anita 2 Rhonda 2 Hazel 2 Amber 3 Eva 2 Debbie 2 April 2 Leslie 2 Clara 2 Lucille 1 Jamie 2 Joanne 1 Eleanor 2 Valerie 2 Danielle 3 Megan 4 Alicia 2 Suzanne 2 Michele 2 Gail 1 Olivia 4 Sophia 4 Isabella 4 Ava 4 Mia 3';
const GIVEN_MALE =
  'James 33 John 31 Robert 31 Michael 32 William 26 David 25 Richard 18 Charles 15 Joseph 15 Thomas 15 Christopher 17 Daniel 14 Paul 9 Mark 10 Donald 9 George 8 Kenneth 8 Steven 10 Edward 8 Brian 9 Ronald 8 Anthony 10 Kevin 8 Jason 8 Matthew 12 Gary 6 Timothy 8 Jose 7 Larry 6 Jeffrey 7 Frank 4 Scott 6 Eric 6 Stephen 6 Andrew 9 Raymond 4 Gregory 5 Joshua 9 Jerry 4 Dennis 5 Walter 3 Patrick 5 Peter 4 Harold 3 Douglas 4 Henry 4 Carl 3 Arthur 3 Ryan 7 Roger 3 Joe 2 Juan 4 Jack 3 Albert 2 Jonathan 6 Justin 6 Terry 3 Gerald 3 Keith 3 Samuel 4 Willie 2 Ralph 2 Lawrence 3 Nicholas 6 Roy 2 Benjamin 5 Bruce 2 Brandon 6 Adam 4 Harry 2 Fred 2 Wayne 2 Billy 2 Steve 2 Louis 2 Jeremy 3 Aaron 4 Randy 2 Howard 1 Eugene 2 Carlos 3 Russell 2 Bobby 2 Victor 2 Martin 2 Ernest 1 Phillip 2 Todd 2 Jesse 2 Craig 2 Alan 2 Shawn 2 Clarence 1 Sean 3 Philip 2 Chris 1 Johnny 2 Earl 1 Jimmy 2 Antonio 2 Danny 2 Bryan 2 Tony 2 Luis 3 Mike 1 Stanley 1 Leonard 1 Nathan 4 Dale 1 Manuel 2 Rodney 2 Curtis 2 Norman 1 Allen 1 Marvin 1 Vincent 2 Glenn 1 Jeffery 2 Travis 3 Jeff 1 Chad 2 Jacob 6 Lee 1 Melvin 1 Alfred 1 Kyle 4 Francis 1 Bradley 2 Jesus 2 Herbert 1 Frederick 1 Ray 1 Joel 2 Edwin 1 Don 1 Eddie 1 Ricky 2 Troy 2 Randall 1 Barry 1 Alexander 5 Bernard 1 Mario 1 Leroy 1 Francisco 2 Marcus 2 Micheal 1 Theodore 2 Clifford 1 Miguel 2 Oscar 1 Jay 1 Jim 1 Tom 1 Calvin 1 Alex 2 Jon 1 Ronnie 1 Bill 1 Lloyd 1 Tommy 1 Leon 1 Derek 2 Ethan 4 Noah 4 Liam 4 Mason 3';

export interface Weighted {
  names: readonly string[];
  /** Running sums of the weights; the last is the whole. */
  sums: Float64Array;
}

const weighted = (list: string): Weighted => {
  const words = list.split(' ');
  const names = words.filter((_, i) => i % 2 === 0);
  let sum = 0;
  return { names, sums: Float64Array.from(names, (_, i) => (sum += Number(words[2 * i + 1]))) };
};

export const FEMALE = weighted(GIVEN_FEMALE);
export const MALE = weighted(GIVEN_MALE);
const FAMILY = weighted(COMMON_FAMILY);
/** In 100,000: the rest bear a name of the long tail. */
const OF = 100_000;
const TAIL = RARE_FIRST.length * RARE_LAST.length;

/** The name at `u` (0 ≤ u < 1) of a weighted list. */
export function pick({ names, sums }: Weighted, u: number): string {
  const at = u * (sums[sums.length - 1] as number);
  let [low, high] = [0, sums.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sums[middle] as number) > at) high = middle;
    else low = middle + 1;
  }
  return names[low] as string;
}

/** A surname: `u` says how common, `v` which of the rare ones, of which there are some 7,000, the first of them much more common than the last. */
export function familyName(u: number, v: number): string {
  const common = FAMILY.sums[FAMILY.sums.length - 1] as number;
  if (u * OF < common) return pick(FAMILY, (u * OF) / common);
  const n = Math.floor(v * v * TAIL);
  return `${RARE_FIRST[n % RARE_FIRST.length]}${RARE_LAST[Math.floor(n / RARE_FIRST.length)]}`;
}
