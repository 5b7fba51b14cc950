// The 36 charts of Juniper Street Clinic, Richmond, Virginia. Invented people; the order is fixed, tests name the keys.
import { listed } from './person.ts';

export const JUNIPER = listed(
  'juniper',
  `
Whitfield    | Marcus   | Andre    | 1979-08-17 | male   | trt.stable         | 3 | cash       | trt                      | keeps=well
Russo        | Anthony  |          | 1971-02-03 | male   | trt.unit_switch    | 3 | cash       | trt                      | preferred=Tony
Asante       | Kwame    |          | 1984-11-29 | male   | trt.steady         | 1 | unknown    | trt injection            |
Kim          | Daniel   | Joon     | 1988-06-12 | male   | trt.titrating      | 3 | cash       | trt today                |
Herrera      | Luis     | Alberto  | 1976-09-24 | male   | trt.titrating_late | 1 | commercial | trt                      |
Gallagher    | Robert   | Emmet    | 1968-04-30 | male   | trt.hct            | 3 | cash       | trt today                | preferred=Rob
Thornton     | William  | Hale     | 1962-12-08 | male   | trt.psa            | 0 | commercial | trt                      | preferred=Bill suffix=Jr
Brennan      | Tyler    |          | 1991-03-19 | male   | trt.stopped        | 3 | unknown    | trt inactive             | keeps=badly
Washington   | Jerome   | Lamont   | 1974-07-02 | male   | trt.overdue        | 1 | cash       | trt                      | keeps=badly
Carter       | Denise   | Renee    | 1973-05-21 | female | glp1.plateau       | 2 | cash       | glp1                     |
McAllister   | Heather  | Anne     | 1982-10-11 | female | glp1.gi            | 3 | spouse     | glp1                     |
Novak        | Brittany |          | 1990-01-27 | female | glp1.refund        | 2 | unknown    | glp1                     | keeps=badly
Delgado      | Rosa     | Elena    | 1966-08-05 | female | glp1.steady        | 3 | changed    | glp1 spanish             | language=es
Mendoza-Ruiz | Carlos   |          | 1980-03-14 | male   | glp1.compounded    | 1 | cash       | glp1                     | language=es-US
Raman        | Priya    |          | 1985-09-09 | female | glp1.forty         | 2 | commercial | glp1 forty_labs          | keeps=well
Okafor       | Ada      | Chidinma | 1972-04-18 | female | hrt.patch          | 2 | commercial | hrt today                | keeps=well
O'Connor     | Margaret | Mary     | 1969-06-25 | female | hrt.oral           | 2 | cash       | hrt                      | preferred=Peggy
Kowalski     | Linda    |          | 1974-11-03 | female | hrt.pellets        | 3 | spouse     | hrt                      | previous=Zielinski
Jackson      | Yolanda  | Denise   | 1970-02-16 | female | hrt.stopped        | 0 | commercial | hrt                      |
Lindqvist    | Susan    | Carol    | 1958-10-30 | female | thyroid.over       | 0 | medicare   | thyroid                  | preferred=Sue
Zhao         | Emily    |          | 1993-07-22 | female | thyroid.biotin     | 2 | commercial | thyroid                  |
Haddad       | Fatima   |          | 1981-12-01 | female | thyroid.hashimoto  | 1 | commercial | thyroid                  | language=ar
Tran         | Maya     | Linh     | 2003-05-09 | female | thyroid.twin       | 2 | commercial | thyroid twin             |
Tran         | Mia      | Lan      | 2003-05-09 | female | well.twin          | 2 | commercial | wellness twin            | household=juniper-23
Barnes       | Reginald | Thomas   | 1963-01-15 | male   | dm.improving       | 0 | commercial | diabetes long_note today | preferred=Reggie
Smith        | John     | Alan     | 1961-03-14 | male   | dm.controlled      | 0 | medicare   | diabetes same_name       |
Jenkins      | Harold   | Lee      | 1954-09-02 | male   | dm.none            | 0 | medicare   | diabetes                 | keeps=badly no_email
Akhtar       | Nasreen  |          | 1978-05-30 | female | dm.ifcc            | 1 | commercial | diabetes                 | language=ur
Erickson     | Thomas   | Karl     | 1952-06-18 | male   | ckd.equation       | 0 | medicare   | kidney                   | preferred=Tom
Freeman      | Dorothy  | Mae      | 1948-03-27 | female | ckd.decline        | 0 | medicare   | kidney                   | preferred=Dot no_email
Smith        | John     | Patrick  | 1987-10-02 | male   | gen.checkup        | 1 | commercial | same_name today          |
Carter       | Denise   |          | 1973-05-12 | female | gen.duplicate      | 2 | unknown    | duplicate                | household=juniper-10 same_as=juniper-10
Hughes       | Walter   | Dean     | 1949-11-11 | male   | gen.deceased       | 0 | medicare   | deceased                 | preferred=Walt suffix=Sr no_email
Warsame      | Abdi     | Hassan   | 1957       | male   | gen.prediabetes    | 1 | medicaid   | partial_birth_date       | language=so no_email
Muñoz        | José     | Luis     | 1975-07-07 | male   | well.member        | 3 | cash       | wellness                 | keeps=well
Jackson      | Yolanda  |          | 1970-02-16 | female | gen.merged         | 1 | unknown    | merged inactive          | same_as=juniper-19 no_phone
`,
);
