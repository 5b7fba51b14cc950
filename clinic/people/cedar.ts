// The 36 charts of Cedar Hollow Family Health, Madison, Wisconsin. Some names are Juniper's on purpose (one with the same birth date): other people.
import { listed } from './person.ts';

export const CEDAR = listed(
  'cedar',
  `
Sorensen     | Erik      | Anders   | 1977-03-09 | male   | trt.stable         | 1 | cash       | trt                      | keeps=well
Kowalczyk    | Brian     |          | 1969-10-14 | male   | trt.unit_switch    | 2 | cash       | trt                      |
Kim          | Daniel    |          | 1988-06-12 | male   | trt.steady         | 2 | commercial | trt injection            |
Vargas       | Antonio   | Miguel   | 1983-02-20 | male   | trt.titrating      | 1 | cash       | trt today                | preferred=Tony
Xiong        | Pao       |          | 1979-05-06 | male   | trt.titrating_late | 2 | commercial | trt                      | language=hmn
Doyle        | Kevin     | Patrick  | 1970-01-31 | male   | trt.hct            | 1 | cash       | trt today                |
Pfeiffer     | James     | Otto     | 1960-08-22 | male   | trt.psa            | 0 | commercial | trt                      | preferred=Jim suffix=III
Meyer        | Justin    |          | 1992-12-12 | male   | trt.stopped        | 2 | unknown    | trt inactive             | keeps=badly
Gallagher    | Robert    | Shea     | 1975-11-05 | male   | trt.overdue        | 1 | cash       | trt                      | preferred=Bob keeps=badly
Hoffman      | Jennifer  | Lynn     | 1976-06-16 | female | glp1.plateau       | 3 | cash       | glp1                     | preferred=Jen
Robinson     | Tamika    |          | 1984-04-04 | female | glp1.gi            | 1 | spouse     | glp1                     |
Bauer        | Ashley    | Marie    | 1989-09-28 | female | glp1.refund        | 3 | unknown    | glp1                     | keeps=badly
Ortiz        | Guadalupe |          | 1967-12-12 | female | glp1.steady        | 2 | changed    | glp1 spanish             | preferred=Lupe language=es
Johnson-Reed | Michael   |          | 1981-07-19 | male   | glp1.compounded    | 2 | cash       | glp1                     |
Desai        | Anjali    |          | 1986-02-08 | female | glp1.forty         | 3 | commercial | glp1 forty_labs          | keeps=well
Lindstrom    | Karen     | Sue      | 1971-09-13 | female | hrt.patch          | 3 | commercial | hrt today                | keeps=well
McCarthy     | Elizabeth | Rose     | 1968-05-02 | female | hrt.oral           | 3 | cash       | hrt                      | preferred=Liz
Kowalski     | Linda     | Jo       | 1973-01-23 | female | hrt.pellets        | 1 | spouse     | hrt                      | previous=Bergmann
Carter       | Denise    | Yvette   | 1970-10-17 | female | hrt.stopped        | 0 | commercial | hrt                      |
Amundson     | Patricia  | Gail     | 1957-04-11 | female | thyroid.over       | 0 | medicare   | thyroid                  | preferred=Pat
Bergeron     | Chloe     |          | 1994-06-27 | female | thyroid.biotin     | 3 | commercial | thyroid                  |
Vang         | Mai       | Yer      | 1982-08-15 | female | thyroid.hashimoto  | 2 | commercial | thyroid                  | language=hmn
Schroeder    | Hannah    | Grace    | 2002-11-18 | female | thyroid.twin       | 3 | commercial | thyroid twin             |
Schroeder    | Heidi     | Faith    | 2002-11-18 | female | well.twin          | 3 | commercial | wellness twin            | household=cedar-23
Freeman      | Curtis    | Ray      | 1964-06-03 | male   | dm.improving       | 0 | commercial | diabetes long_note today |
Garcia       | Maria     | Teresa   | 1962-09-30 | female | dm.controlled      | 0 | commercial | diabetes same_name       | language=es
Smith        | John      | Walter   | 1953-02-25 | male   | dm.none            | 0 | medicare   | diabetes                 | preferred=Jack keeps=badly no_email
Yusuf        | Amina     |          | 1979-12-20 | female | dm.ifcc            | 1 | medicaid   | diabetes                 | language=so
Olson        | Richard   | Dale     | 1951-07-14 | male   | ckd.equation       | 0 | medicare   | kidney                   | preferred=Dick
Banks        | Shirley   | Jean     | 1948-12-06 | female | ckd.decline        | 0 | medicare   | kidney                   | no_email
Garcia       | Maria     | Isabel   | 1988-03-21 | female | gen.checkup        | 1 | commercial | same_name today          |
Hoffman      | Jennifer  |          | 1976-06-19 | female | gen.duplicate      | 3 | unknown    | duplicate                | household=cedar-10 same_as=cedar-10
Fischer      | Leonard   | Paul     | 1950-03-03 | male   | gen.deceased       | 0 | medicare   | deceased                 | preferred=Len no_email
Lor          | Bee       |          | 1957       | male   | gen.prediabetes    | 2 | medicaid   | partial_birth_date       | language=hmn no_email
Larsen       | Zoë       | Kristine | 1983-05-26 | female | well.member        | 2 | cash       | wellness                 | keeps=well
Carter       | Denise    |          | 1970-10-17 | female | gen.merged         | 1 | unknown    | merged inactive          | same_as=cedar-19 no_phone
`,
);
