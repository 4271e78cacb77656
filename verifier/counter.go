package main

import "fmt"

// counter keeps a side's net lead while its entries are taken in order.
type counter struct {
	sights   sightings
	lead     int64
	people   map[string]words
	closings map[int64][]*Entry
	weights  map[string]int64 // what each person and each closed step adds to the lead
	counted  map[string]*Entry
	naming   map[string][]*Entry
}

// words are one side's standing words about one person, by kind and log, each in log order.
type words map[[2]string][]*Entry

// take counts one entry, and takes off the one it takes back.
func (c *counter) take(entry *Entry) {
	if entry.prior != "" {
		c.naming[entry.prior] = append(c.naming[entry.prior], entry)
		if target := c.counted[entry.prior]; target != nil && withdraws(entry, target) {
			delete(c.counted, target.id)
			c.weigh(target, false)
		}
	}
	if !isWeighed(entry) {
		return
	}
	for _, each := range c.naming[entry.id] {
		if withdraws(each, entry) {
			return
		}
	}
	c.counted[entry.id] = entry
	c.weigh(entry, true)
}

// isWeighed says whether an entry can change the lead. A word that says no counts whatever class it
// names: it can only answer a word that counts.
func isWeighed(entry *Entry) bool {
	if entry.kind == "step-closed" {
		return true
	}
	if !isWord(entry) || entry.kind == "unreceipted-accepted" {
		return false
	}
	return isInside(entry) || entry.kind == "not-released" || entry.kind == "not-received"
}

func (c *counter) weigh(entry *Entry, adding bool) {
	about, weight := "handle "+entry.handle, int64(0)
	if entry.kind == "step-closed" {
		about = fmt.Sprint("step ", entry.step)
		c.closings[entry.step] = put(c.closings[entry.step], entry, adding)
		weight = -surplus(c.closings[entry.step])
	} else {
		person := c.people[entry.handle]
		if person == nil {
			person = words{}
			c.people[entry.handle] = person
		}
		key := [2]string{entry.kind, entry.log}
		person[key] = put(person[key], entry, adding)
		if person.isOut(c.sights) {
			weight++
		}
		if person.holds() || person.givenUp() {
			weight--
		}
	}
	c.lead += weight - c.weights[about]
	c.weights[about] = weight
}

func put(words []*Entry, entry *Entry, adding bool) []*Entry {
	if adding {
		return append(words, entry)
	}
	for at, each := range words {
		if each == entry {
			return append(append([]*Entry(nil), words[:at]...), words[at+1:]...)
		}
	}
	return words
}

// surplus is what an unequal sheet leaves, as its closings state it.
func surplus(closings []*Entry) (most int64) {
	for _, each := range closings {
		if more := each.sum(each.author+".out") - each.sum(each.author+".in"); more > most {
			most = more
		}
	}
	return most
}

// last gives the last word of a kind in each log.
func (w words) last(kind string) (found []*Entry) {
	for key, each := range w {
		if key[0] == kind && len(each) > 0 {
			found = append(found, each[len(each)-1])
		}
	}
	return found
}

func (w words) says(kind string) bool { return len(w.last(kind)) > 0 }

// isOut says whether the holder's words leave the person out. An order is taken back only by a
// not-released that surely came after it.
func (w words) isOut(sights sightings) bool {
	if w.says("released") {
		return true
	}
	for _, order := range w.last("release-ordered") {
		answered := false
		for _, back := range w.last("not-released") {
			answered = answered || sights.precedes(order, back)
		}
		if !answered {
			return true
		}
	}
	return false
}

func (w words) holds() bool { return w.says("received") && !w.says("not-received") }

func (w words) givenUp() bool { return w.says("conceded") && !w.holds() }
