package main

import (
	"encoding/hex"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// Log is one writer's log as far as it was verified.
type Log struct {
	name                    string
	exchange                *Exchange
	entryKey, checkpointKey []byte
	certificate             *Certificate
	entries                 []*Entry // without those whose headers are withheld
	tree                    Tree
	seen                    map[string]Sighting
	checkpoints             map[int64]tlog.Hash
	cosignatures            map[string]map[int64]Cosignature
}

// newLog is an empty log under its author's keys; nil when nothing opens it.
func newLog(exchange *Exchange, name string, certificate *Certificate) *Log {
	card := exchange.card(authorOf(name))
	log := &Log{
		name: name, exchange: exchange, certificate: certificate, seen: map[string]Sighting{},
		checkpoints: map[int64]tlog.Hash{}, cosignatures: map[string]map[int64]Cosignature{},
	}
	switch {
	case card == nil:
		return nil
	case name == firstLog(card.name):
		log.entryKey, log.checkpointKey = card.key("entry"), card.key("checkpoint")
	case certificate != nil:
		log.entryKey, log.checkpointKey = certificate.entry, certificate.checkpoint
	default:
		return nil
	}
	return log
}

func (l *Log) author() string { return authorOf(l.name) }
func (l *Log) origin() string { return l.exchange.origin(l.name) }

// newest is the size of the largest checkpoint that was verified.
func (l *Log) newest() int64 {
	var found int64
	for size := range l.checkpoints {
		if size > found {
			found = size
		}
	}
	return found
}

// keep takes a head whose root is that of the entries.
func (l *Log) keep(head *Head) {
	l.checkpoints[head.size] = head.root
	for _, each := range head.cosignatures {
		if l.cosignatures[each.party] == nil {
			l.cosignatures[each.party] = map[int64]Cosignature{}
		}
		l.cosignatures[each.party][each.size] = each
	}
}

// add takes an entry that follows has passed.
func (l *Log) add(entry *Entry) {
	l.entries = append(l.entries, entry)
	l.tree.append(entry.hash)
	for _, each := range entry.seen {
		l.seen[each.log] = each
	}
}

// follows gives the first reason why an entry cannot be the next one of the log.
func (l *Log) follows(entry *Entry, leaf []byte, place string) *Problem {
	if entry.exchange != l.exchange.id {
		return refuse("exchange-other", place, entry.exchange, l.exchange.id)
	}
	if entry.log != l.name {
		return refuse("log-other", place, entry.log, l.name)
	}
	if !isSigned(signedText(leaf), leaf[:signatureBytes], l.entryKey) {
		return refuse("entry-signature-wrong", place, "", "a signature by this log's entry key")
	}
	if entry.seq != l.tree.size {
		return refuse("seq-gap", place, fmt.Sprint(entry.seq), fmt.Sprint(l.tree.size))
	}
	last := strings.Repeat("0", 64)
	if l.tree.size > 0 {
		hash := l.tree.leaf(l.tree.size - 1)
		last = hex.EncodeToString(hash[:])
	}
	if entry.prev != last {
		return refuse("prev-differs", place, entry.prev, last)
	}
	if problem := l.checkSeen(entry, place); problem != nil {
		return problem
	}
	if problem := l.checkParties(entry, leaf, place); problem != nil {
		return problem
	}
	if l.certificate != nil && entry.seq == 0 &&
		(entry.kind != "key-change" || entry.digest != l.certificate.digest) {
		return refuse("certificate-not-named", place, entry.kind, "key-change with its digest")
	}
	return nil
}

func (l *Log) checkSeen(entry *Entry, place string) *Problem {
	for _, each := range entry.seen {
		if l.exchange.card(authorOf(each.log)) == nil {
			return refuse("party-unknown", place, each.log, "a party of the exchange")
		}
		before, known := l.seen[each.log]
		if known && each != before && each.size <= before.size {
			return refuse("seen-goes-down", place, fmt.Sprint(each.size), fmt.Sprint("over ", before.size))
		}
	}
	return nil
}

func (l *Log) checkParties(entry *Entry, leaf []byte, place string) *Problem {
	card := l.exchange.card(l.author())
	if author := kinds[entry.kind].author; author != "any" && author != card.role {
		return refuse("author-not-allowed", place, card.role, author)
	}
	for _, party := range []string{entry.from, entry.to} {
		if party != "" && l.exchange.card(party) == nil {
			return refuse("party-unknown", place, party, "a party of the exchange")
		}
	}
	for _, each := range entry.officers {
		key := card.officer(each[0])
		if key == nil {
			return refuse("officer-unknown", place, each[0], "an officer on the author's card")
		}
		if l.certificate != nil && l.certificate.lacks(each[0]) {
			return refuse("officer-revoked", place, each[0], "an officer who still signs here")
		}
		if !isSigned(officersText(leaf), unhex(each[1]), key) {
			return refuse("officer-signature-wrong", place, each[0], "that officer's signature")
		}
	}
	return nil
}

// policyText is the log's tlog-policy: who may countersign, and that every other side must.
func (l *Log) policyText() string {
	lines := []string{"log " + verifierKey(l.origin(), plainKey, l.checkpointKey)}
	group := "group held all "
	var sides []string
	for _, card := range l.exchange.cards {
		if card.name == l.author() {
			continue
		}
		key := verifierKey(l.exchange.witness(card.name), witnessKey, card.key("witness"))
		lines = append(lines, "witness "+card.name+" "+key)
		if card.role == "side" {
			sides = append(sides, card.name)
		}
	}
	lines = append(lines, group+strings.Join(sides, " "), "quorum held")
	return strings.Join(lines, "\n") + "\n"
}
