package main

import (
	_ "embed" // for the table
	"strings"
)

// The table is a copy of the one that record.md names; a test compares the two.
//
//go:embed kinds.tsv
var kindsTable string

// rule is what one kind of entry asks for.
type rule struct {
	officers          int
	author            string
	required, allowed map[string]bool
}

var kinds = readKinds(kindsTable)

func readKinds(table string) map[string]rule {
	found := map[string]rule{}
	for _, line := range strings.Split(table, "\n") {
		cells := strings.Split(line, "\t")
		if strings.HasPrefix(line, "#") || len(cells) != 6 || cells[0] == "kind" {
			continue
		}
		officers := 0
		if cells[2] == "2" {
			officers = 2
		}
		required, optional := names(cells[4]), names(cells[5])
		for name := range required {
			optional[name] = true
		}
		found[cells[0]] = rule{officers, cells[3], required, optional}
	}
	return found
}

func names(cell string) map[string]bool {
	found := map[string]bool{}
	for _, name := range strings.Split(cell, ",") {
		if name != "-" {
			found[name] = true
		}
	}
	return found
}
