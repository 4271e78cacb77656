package main

import (
	"sort"
	"strings"
)

// What a holder says of a person it holds, and a receiver of one it is to receive.
var (
	holderKinds   = set("release-ordered", "released", "not-released", "unreceipted-accepted")
	receiverKinds = set("received", "not-received", "conceded")
	raisingKinds  = set("release-ordered", "released")
	loweringKinds = set("received", "conceded")
	opposite      = map[string]string{
		"released": "not-released", "not-released": "released",
		"received": "not-received", "not-received": "received",
	}
)

func set(names ...string) map[string]bool {
	found := map[string]bool{}
	for _, name := range names {
		found[name] = true
	}
	return found
}

// isWord says whether an entry is the holder's or the receiver's own word about a person.
func isWord(e *Entry) bool {
	return e.handle != "" &&
		(holderKinds[e.kind] && e.author == e.from || receiverKinds[e.kind] && e.author == e.to)
}

// withdraws says whether later takes earlier back: a correction, or the opposite fact, names it.
func withdraws(later, earlier *Entry) bool {
	if later.author != earlier.author || later.prior != earlier.id {
		return false
	}
	return later.kind == "correction" ||
		opposite[earlier.kind] == later.kind && later.handle == earlier.handle
}

// isInside says whether the person counts in the balance.
func isInside(e *Entry) bool { return strings.HasSuffix(e.class, "/inside") }

// standing leaves out every entry that its own author took back.
func standing(entries []*Entry) []*Entry {
	naming := map[string][]*Entry{}
	for _, each := range entries {
		if each.prior != "" {
			naming[each.prior] = append(naming[each.prior], each)
		}
	}
	var found []*Entry
next:
	for _, each := range entries {
		for _, later := range naming[each.id] {
			if withdraws(later, each) {
				continue next
			}
		}
		found = append(found, each)
	}
	return found
}

// inOrder sorts entries by author, writer, epoch and number.
func inOrder(entries []*Entry) []*Entry {
	sorted := append([]*Entry(nil), entries...)
	sort.SliceStable(sorted, func(i, j int) bool {
		a, b := sorted[i], sorted[j]
		switch {
		case a.author != b.author:
			return a.author < b.author
		case a.writer != b.writer:
			return a.writer < b.writer
		case a.epoch != b.epoch:
			return a.epoch < b.epoch
		}
		return a.seq < b.seq
	})
	return sorted
}
