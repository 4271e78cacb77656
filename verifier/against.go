package main

import (
	"fmt"
	"sort"
)

// holdAgainst finds where this copy is shorter than another, or differs from it.
func (r *Reading) holdAgainst(theirs *Reading) {
	if r.exchange == nil || theirs.exchange == nil {
		r.problems = append(r.problems, theirs.problems...)
		return
	}
	if r.exchange.id != theirs.exchange.id {
		r.fault("exchange-other", exchangeFile, theirs.exchange.id, r.exchange.id)
		return
	}
	for _, each := range theirs.problems {
		r.note("other-unsound", each.Place, each.Code, "")
	}
	for _, name := range theirs.logNames() {
		if r.logs[name] == nil {
			r.note("log-absent", name, "", "a log that the other copy holds")
			continue
		}
		r.holdLog(r.logs[name], theirs.logs[name])
	}
}

func (r *Reading) holdLog(ours, theirs *Log) {
	seq, differ := firstDiffering(&ours.tree, &theirs.tree)
	switch {
	case differ:
		if fork := forkBetween(ours, theirs, seq); fork != nil {
			r.forks = append(r.forks, *fork)
		}
		r.fault("fork", fmt.Sprintf("entry %s/%d", ours.name, seq), "two histories", "one history")
	case theirs.tree.size > ours.tree.size:
		r.fault("tail-cut", ours.name+"/checkpoint", fmt.Sprint(ours.tree.size),
			fmt.Sprintf("%d entries held elsewhere", theirs.tree.size))
	}
}

// firstDiffering is the first entry number at which two trees part; false when one continues the other.
func firstDiffering(one, other *Tree) (int64, bool) {
	shorter := one.size
	if other.size < shorter {
		shorter = other.size
	}
	if one.root(shorter) == other.root(shorter) {
		return 0, false
	}
	parted := sort.Search(int(shorter), func(at int) bool {
		return one.root(int64(at)+1) != other.root(int64(at)+1)
	})
	return int64(parted), true
}

// forkBetween is the fork that a portable proof can be made of; nil when the copies hold too little.
func forkBetween(one, other *Log, seq int64) *Fork {
	if one.holds(seq) && other.holds(seq) {
		return &Fork{one.name, seq, "entries"}
	}
	for _, pair := range [][2]*Log{{one, other}, {other, one}} {
		newest := pair[0].newest()
		var sizes []int64
		for size := range pair[1].checkpoints {
			// In a full smaller tree the proof's path cannot name another root.
			if seq < size && size <= newest && (size == newest || size&(size-1) != 0) {
				sizes = append(sizes, size)
			}
		}
		sort.Slice(sizes, func(i, j int) bool { return sizes[i] < sizes[j] })
		if len(sizes) > 0 {
			return &Fork{one.name, sizes[0], "checkpoints"}
		}
	}
	return nil
}

// holds says whether the log has the header of an entry.
func (l *Log) holds(seq int64) bool {
	at := sort.Search(len(l.entries), func(at int) bool { return l.entries[at].seq >= seq })
	return at < len(l.entries) && l.entries[at].seq == seq
}
