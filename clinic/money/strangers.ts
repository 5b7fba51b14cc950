// Invented names of people who asked and are not on the roster; none of a roster stands here.
export const STRANGERS =
  `Alan Whitmore|Bethany Crowe|Calvin Ostrander|Dana Pruett|Edwin Salazar|Felicia Grant|Gavin Thorpe|Helena Marsh|Ivan Petrov|Joyce Abernathy
Kendra Boyd|Lamar Hutchins|Monique Barrett|Nolan Fitch|Olivia Stroud|Preston Vance|Quentin Mabry|Rochelle Dunn|Stuart Albright|Teresa Villanueva
Ursula Bannister|Vincent Garrity|Wanda Kessler|Xavier Beaumont|Yvonne Pickett|Zachary Holloway|Amber Lockhart|Byron Castle|Corinne Meade|Derrick Sloan
Elise Hartnett|Frank Dumas|Gloria Whelan|Hector Ibarra|Irene Sokolov|Jasper Colby|Katrina Newsome|Leon Mathis|Marlene Foss|Nate Underhill`
    .split(/[|\n]/)
    .map((name) => name.trim());
