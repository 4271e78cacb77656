package main

import (
	"sort"
	"strconv"
	"strings"
)

// Tally is one side's lead, read from its own logs alone.
type Tally struct {
	lead, largest, conceded int64
}

// tally follows a side's own entries in their order and keeps count.
func tally(entries []*Entry, side string) Tally {
	var own []*Entry
	for _, each := range inOrder(entries) {
		if each.author == side {
			own = append(own, each)
		}
	}
	own = merged(own)
	count := counter{
		sights: sightingsOf(own), people: map[string]words{}, closings: map[int64][]*Entry{},
		weights: map[string]int64{}, counted: map[string]*Entry{}, naming: map[string][]*Entry{},
	}
	var largest int64
	for _, each := range own {
		count.take(each)
		if count.lead > largest {
			largest = count.lead
		}
	}
	var conceded int64
	for _, each := range count.people {
		if each.givenUp() {
			conceded++
		}
	}
	return Tally{count.lead, largest, conceded}
}

// merged puts the entries of several writers into one order, as position.md says.
func merged(own []*Entry) []*Entry {
	var queues [][]*Entry
	for at, each := range own {
		if at == 0 || each.writer != own[at-1].writer {
			queues = append(queues, nil)
		}
		queues[len(queues)-1] = append(queues[len(queues)-1], each)
	}
	if len(queues) < 2 {
		return own
	}
	home := map[string]int{}
	for at, queue := range queues {
		for _, each := range queue {
			home[each.log] = at
		}
	}
	done := make([]int, len(queues))
	var found []*Entry
	for len(found) < len(own) {
		at := nextQueue(queues, done, home)
		found = append(found, queues[at][done[at]])
		done[at]++
	}
	return found
}

// nextQueue chooses whose turn it is: among those whose sightings are placed, who raises the lead.
func nextQueue(queues [][]*Entry, done []int, home map[string]int) int {
	chosen, best := -1, 4
	for at, queue := range queues {
		if done[at] == len(queue) {
			continue
		}
		head, rank := queue[done[at]], 0
		if !raisingKinds[head.kind] {
			rank = 1
		}
		if !isFree(head, at, queues, done, home) {
			rank += 2
		}
		if rank < best {
			chosen, best = at, rank
		}
	}
	return chosen
}

// isFree says whether everything an entry had seen of its side's other writers is placed.
func isFree(head *Entry, own int, queues [][]*Entry, done []int, home map[string]int) bool {
	for _, each := range head.seen {
		at, known := home[each.log]
		if !known || at == own {
			continue
		}
		epoch, _ := strconv.ParseInt(each.log[strings.LastIndex(each.log, ".")+1:], 10, 64)
		queue := queues[at]
		before := sort.Search(len(queue), func(i int) bool {
			return queue[i].epoch > epoch || queue[i].epoch == epoch && queue[i].seq >= each.size
		})
		if done[at] < before {
			return false
		}
	}
	return true
}

// stated is a size that the entry of a number says it saw.
type stated struct{ seq, size int64 }

// sightings are what each log says it saw of another, in its order.
type sightings map[[2]string][]stated

func sightingsOf(entries []*Entry) sightings {
	found := sightings{}
	for _, each := range entries {
		for _, seen := range each.seen {
			key := [2]string{each.log, seen.log}
			found[key] = append(found[key], stated{each.seq, seen.size})
		}
	}
	return found
}

// size is how many entries of a log the author of an entry had signed for by then.
func (s sightings) size(entry *Entry, log string) int64 {
	rows := s[[2]string{entry.log, log}]
	after := sort.Search(len(rows), func(at int) bool { return rows[at].seq > entry.seq })
	if after == 0 {
		return 0
	}
	return rows[after-1].size
}

// precedes says whether later was surely signed with earlier in hand, or by the same writer after it.
func (s sightings) precedes(earlier, later *Entry) bool {
	if earlier.author == later.author && earlier.writer == later.writer {
		return earlier.epoch < later.epoch || earlier.epoch == later.epoch && earlier.seq < later.seq
	}
	return later.prior == earlier.id || s.size(later, earlier.log) > earlier.seq
}
