package main

import (
	"bytes"
	"encoding/json"
	"sort"
	"strings"
	"time"
)

// Cell is a count of persons, as position.md has it.
type Cell struct {
	From       string `json:"from"`
	To         string `json:"to"`
	Category   string `json:"category"`
	State      string `json:"state"`
	Group      string `json:"group"`
	Stage      int64  `json:"stage"`
	Step       int64  `json:"step"`
	AttestedBy string `json:"attested_by"`
	Outcome    string `json:"outcome"`
	Count      int64  `json:"count"`
	Value      int64  `json:"value"`
}

// Home is what a receiving side confirmed home for a stage.
type Home struct {
	To    string           `json:"to"`
	Stage int64            `json:"stage"`
	Count int64            `json:"count"`
	Sums  map[string]int64 `json:"sums"`
}

// Position is what stands attested, by whom. Without terms nothing is known of what is owed.
type Position struct {
	AsOf        string           `json:"as_of"`
	Cells       []Cell           `json:"cells"`
	Owed        []string         `json:"owed"`
	Lead        map[string]int64 `json:"lead"`
	LargestLead map[string]int64 `json:"largest_lead"`
	Conceded    map[string]int64 `json:"conceded"`
	Step        int64            `json:"step"`
	Home        []Home           `json:"home"`
	Complete    bool             `json:"complete"`
}

// position folds a sound copy.
func (r *Reading) position() *Position {
	var entries []*Entry
	for _, name := range r.logNames() {
		entries = append(entries, r.logs[name].entries...)
	}
	stand := standing(entries)
	found := &Position{
		AsOf: r.lastSeen(), Cells: cellsOf(stand), Owed: []string{}, Home: homeOf(stand),
		Lead: map[string]int64{}, LargestLead: map[string]int64{}, Conceded: map[string]int64{},
	}
	for _, side := range r.exchange.sides() {
		one := tally(entries, side)
		found.Lead[side], found.LargestLead[side], found.Conceded[side] = one.lead, one.largest, one.conceded
	}
	return found
}

// lastSeen is when anything was last countersigned, in ISO 8601; empty for never.
func (r *Reading) lastSeen() string {
	last := int64(-1)
	for _, log := range r.logs {
		for _, held := range log.cosignatures {
			for _, each := range held {
				if each.at > last {
					last = each.at
				}
			}
		}
	}
	if last < 0 {
		return ""
	}
	return instant(last)
}

func instant(at int64) string {
	return time.Unix(at, 0).UTC().Format("2006-01-02T15:04:05+00:00")
}

// word is what a holder and a receiver must agree on: a cell without who attests it, and how many.
type word = Cell

var (
	holderOutcomes   = map[string]string{"released": "transferred", "not-released": "not_transferred"}
	receiverOutcomes = map[string]string{
		"received": "transferred", "not-received": "not_transferred", "conceded": "not_transferred",
	}
)

func cellsOf(stand []*Entry) []Cell {
	people := map[string][]*Entry{}
	for _, each := range stand {
		if isWord(each) {
			people[each.handle] = append(people[each.handle], each)
		}
	}
	counts := map[word]int64{}
	for _, said := range people {
		holders, receivers := voices(said, holderOutcomes), voices(said, receiverOutcomes)
		for each := range holders {
			if receivers[each] {
				counts[attested(each, "both")]++
			} else {
				counts[attested(each, "holder")]++
			}
		}
		for each := range receivers {
			if !holders[each] {
				counts[attested(each, "receiver")]++
			}
		}
	}
	cells := []Cell{}
	for each, count := range counts {
		each.Count, each.Value = count, count
		cells = append(cells, each)
	}
	sort.Slice(cells, func(i, j int) bool { return isBefore(cells[i], cells[j]) })
	return cells
}

func attested(each word, by string) word {
	each.AttestedBy = by
	return each
}

// voices are the words of one role about one person; who says two things says nothing.
func voices(said []*Entry, outcomes map[string]string) map[word]bool {
	arrived := map[string]bool{}
	for _, each := range said {
		if each.kind == "received" {
			arrived[each.author] = true
		}
	}
	byAuthor := map[string]map[word]bool{}
	for _, each := range said {
		outcome := outcomes[each.kind]
		if outcome == "" || each.kind == "conceded" && arrived[each.author] {
			continue // a person given up may still arrive: the receipt is the later word
		}
		if byAuthor[each.author] == nil {
			byAuthor[each.author] = map[word]bool{}
		}
		class := strings.Split(each.class, "/")
		byAuthor[each.author][word{
			From: each.from, To: each.to, Category: class[0], State: class[1], Group: class[2],
			Stage: each.stage, Step: each.step, Outcome: outcome,
		}] = true
	}
	found := map[word]bool{}
	for _, own := range byAuthor {
		for each := range own {
			if len(own) == 1 {
				found[each] = true
			}
		}
	}
	return found
}

// isBefore orders cells by their fields from left to right.
func isBefore(a, b Cell) bool {
	for _, pair := range [][2]string{
		{a.From, b.From}, {a.To, b.To}, {a.Category, b.Category}, {a.State, b.State}, {a.Group, b.Group},
	} {
		if pair[0] != pair[1] {
			return pair[0] < pair[1]
		}
	}
	switch {
	case a.Stage != b.Stage:
		return a.Stage < b.Stage
	case a.Step != b.Step:
		return a.Step < b.Step
	case a.AttestedBy != b.AttestedBy:
		return a.AttestedBy < b.AttestedBy
	}
	return a.Outcome < b.Outcome
}

// homeOf gives each side's last standing word on who is home, by stage.
func homeOf(stand []*Entry) []Home {
	type place struct {
		to    string
		stage int64
	}
	last := map[place]*Entry{}
	for _, each := range inOrder(stand) {
		if each.kind == "home-confirmed" {
			last[place{each.author, each.stage}] = each
		}
	}
	rows := []Home{}
	for at, entry := range last {
		row := Home{at.to, at.stage, 0, map[string]int64{}}
		for _, sum := range entry.sums {
			row.Count += sum.count
			row.Sums[sum.name] = sum.count
		}
		rows = append(rows, row)
	}
	sort.Slice(rows, func(i, j int) bool {
		return rows[i].To < rows[j].To || rows[i].To == rows[j].To && rows[i].Stage < rows[j].Stage
	})
	return rows
}

// canonical writes a document as bytes that can be compared: names sorted, no white space, a newline.
func canonical(document any) ([]byte, error) {
	plain, err := encode(document)
	if err != nil {
		return nil, err
	}
	reader := json.NewDecoder(bytes.NewReader(plain))
	reader.UseNumber()
	var tree any
	if err := reader.Decode(&tree); err != nil {
		return nil, err
	}
	return encode(tree)
}

func encode(document any) ([]byte, error) {
	var written bytes.Buffer
	writer := json.NewEncoder(&written)
	writer.SetEscapeHTML(false)
	err := writer.Encode(document)
	return written.Bytes(), err
}
