/* Rule R, stated once more and apart from the program: for spin, https://spinroot.com.

   One office keeps to the rule. Everybody else may sign anything at any time, or nothing, and their
   words arrive when they arrive. One person stands on the sheet along each move of a step: ours for
   the side after us, and theirs, from the side before us, for us.

   spin -a -DSIDES=3 -DSTEPS=2 rule_r.pml && gcc -O2 -DSAFETY -o pan pan.c && ./pan -E -m100000

   READYING lets step-ready come when it comes, instead of standing at the start.

   NAIVE names a rule that looks right and is not:
   1  wait only for the others' step-closed      2  counts instead of handles
   3  sign after the walk                        4  any S people, and two devices            */

#ifndef SIDES
#define SIDES 2
#endif
#ifndef STEPS
#define STEPS 3
#endif
#ifndef NAIVE
#define NAIVE 0
#endif

#define OTHERS (SIDES - 1)
#define ALL ((1 << OTHERS) - 1)

/* What the office holds of the others' words: one bit for each other side. */
byte ready[STEPS];
byte closed[STEPS];
/* The receiver's word for our person, and who came to us: the one who was due, or a stranger. */
bit receipt[STEPS];
bit came[STEPS];
bit stranger[STEPS];
/* Every other side has signed that all its people of the step stayed. */
bit they_kept[STEPS];

/* What the office signed, person by person. */
bit we_ready[STEPS];
bit ordered[STEPS];
bit released[STEPS];
bit kept[STEPS];
bit received[STEPS];
bit conceded[STEPS];
bit accepted[STEPS];
bit we_closed[STEPS];
/* Who is across in truth; under the rule nobody walks before the order stands. */
bit walked[STEPS];

byte k;
byte j;
byte other;
bit earlier;
short lead;
short unanswered;

inline reckon() {
  lead = 0;
  unanswered = 0;
  j = 0;
  do
  :: j < STEPS ->
     if
     :: walked[j] || (ordered[j] && !kept[j]) ->
        lead++;
        if
        :: !receipt[j] && !accepted[j] -> unanswered++
        :: else
        fi
     :: else
     fi;
     if
     :: received[j] || conceded[j] -> lead--
     :: else
     fi;
     j++
  :: else -> break
  od;
  j = 0
}

/* Whether every step before k is closed: by us, and by all others as far as we hold it. */
inline look_back() {
  earlier = 1;
  j = 0;
  do
  :: j < k ->
#if NAIVE != 1
     earlier = earlier && we_closed[j];
#endif
     earlier = earlier && closed[j] == ALL;
     j++
  :: else -> break
  od;
  j = 0
}

#ifdef READYING
#define READY (we_ready[k] && ready[k] == ALL)
#else
#define READY true
#endif
#define MAY_ORDER (!ordered[k] && !kept[k] && !walked[k] && READY && earlier)
/* Where nobody of any side left there is nobody to receive or to give up. */
#define VOID (kept[k] && they_kept[k])
#if NAIVE == 2
#define IN_SETTLED (received[k] || conceded[k] || stranger[k])
#else
#define IN_SETTLED (received[k] || conceded[k] || VOID)
#endif
#define OUT_SETTLED (kept[k] || (released[k] && (receipt[k] || accepted[k])))

/* Once a step is closed by all nothing about it matters to the next: its facts come no more. */
#define OPEN (!(we_closed[k] && closed[k] == ALL))

#if NAIVE == 4
/* Two devices, two persons, no sheet: each lets one go while it knows of nobody out. */
bit knows[2];
bit out[2];

active proctype devices() {
  do
  :: atomic { !knows[0] && !out[0] -> out[0] = 1; knows[0] = 1; assert(out[0] + out[1] <= 1) }
  :: atomic { !knows[1] && !out[1] -> out[1] = 1; knows[1] = 1; assert(out[0] + out[1] <= 1) }
  :: atomic { out[0] && !knows[1] -> knows[1] = 1 } /* word of it reaches the other device */
  :: atomic { out[1] && !knows[0] -> knows[0] = 1 }
  :: else -> break
  od
}
#else
active proctype day() {
  do
  :: atomic {
       select(k : 0 .. STEPS - 1);
       OPEN;
       look_back();
       if
       /* the others, at any time */
#ifdef READYING
       :: select(other : 0 .. OTHERS - 1); ready[k] = ready[k] | (1 << other)
       :: !we_ready[k] -> we_ready[k] = 1
#endif
       :: select(other : 0 .. OTHERS - 1); closed[k] = closed[k] | (1 << other)
       :: receipt[k] = 1
       :: came[k] = 1
       :: they_kept[k] = 1
       :: NAIVE == 2 -> stranger[k] = 1
       /* the office */
       :: MAY_ORDER && NAIVE != 3 -> ordered[k] = 1
       :: MAY_ORDER && NAIVE == 3 -> walked[k] = 1
       :: ordered[k] && !kept[k] && !released[k] -> released[k] = 1; walked[k] = 1
       :: !released[k] && !kept[k] -> kept[k] = 1
       :: came[k] && !received[k] -> received[k] = 1
       :: !received[k] && !conceded[k] -> conceded[k] = 1
       :: released[k] && !receipt[k] && !accepted[k] -> accepted[k] = 1
       :: IN_SETTLED && OUT_SETTLED && !we_closed[k] -> we_closed[k] = 1
       fi;
       reckon();
       assert(lead <= 1);
       assert(NAIVE != 0 || unanswered <= 1);
       lead = 0; unanswered = 0; k = 0; other = 0; earlier = 0
     }
  od
}
#endif
