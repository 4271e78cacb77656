package main

import (
	"encoding/hex"
	"fmt"
	"io"
	"strings"
)

// Report is the document of --json, with the keys that "homeward verify --json" has and the position.
type Report struct {
	Entries  int64       `json:"entries"`
	Logs     []LogReport `json:"logs"`
	Sound    bool        `json:"sound"`
	Reason   *Reason     `json:"reason"`
	Forks    []Fork      `json:"forks"`
	Notes    []*Problem  `json:"notes"`
	Problems []*Problem  `json:"problems"`
	Absent   []string    `json:"absent"`
	Position *Position   `json:"position"`
}

// Reason is the first problem, with the file and the entry it lies in.
type Reason struct {
	*Problem
	File  string  `json:"file"`
	Entry *string `json:"entry"`
}

// LogReport is one log: how long, with which root, and who countersigned how far and when.
type LogReport struct {
	Log      string          `json:"log"`
	Size     int64           `json:"size"`
	Root     string          `json:"root"`
	Withheld int64           `json:"withheld"`
	Cosigned map[string]Seen `json:"cosigned"`
}

// Seen is a party's countersignature of the largest checkpoint.
type Seen struct {
	Size int64  `json:"size"`
	At   string `json:"at"`
}

func (r *Reading) report() *Report {
	report := &Report{
		Entries: r.entries, Logs: []LogReport{}, Sound: len(r.problems) == 0, Forks: []Fork{},
		Notes: append([]*Problem{}, r.notes...), Problems: append([]*Problem{}, r.problems...),
		Absent: []string{},
	}
	for _, each := range r.notes {
		if each.Code == "record.log-absent" {
			report.Absent = append(report.Absent, each.Place)
		}
	}
	report.Forks = append(report.Forks, r.forks...)
	for _, name := range r.logNames() {
		report.Logs = append(report.Logs, r.logs[name].report())
	}
	if report.Sound {
		report.Position = r.position()
	} else {
		file, entry := r.where(r.problems[0])
		report.Reason = &Reason{r.problems[0], file, entry}
	}
	return report
}

func (l *Log) report() LogReport {
	root := l.tree.root(l.tree.size)
	cosigned := map[string]Seen{}
	for party, held := range l.cosignatures {
		var last Cosignature
		for _, each := range held {
			if each.size > last.size {
				last = each
			}
		}
		cosigned[party] = Seen{last.size, instant(last.at)}
	}
	withheld := l.tree.size - int64(len(l.entries))
	return LogReport{l.name, l.tree.size, hex.EncodeToString(root[:]), withheld, cosigned}
}

// tell says the verdict in plain words.
func tell(r *Reading, out io.Writer) error {
	verdict := "sound"
	if len(r.problems) > 0 || len(r.forks) > 0 {
		verdict = "not sound"
	}
	said := []string{fmt.Sprintf("%s, %d entries, %d forks", verdict, r.entries, len(r.forks))}
	for _, name := range r.logNames() {
		log := r.logs[name]
		seen := strings.Join(sortedKeys(log.cosignatures), ", ")
		said = append(said, fmt.Sprintf("%s: %d entries, countersigned by %s", name, log.tree.size, seen))
	}
	for _, each := range r.problems {
		said = append(said, each.Place+": "+each.Code)
	}
	for _, each := range r.notes {
		said = append(said, each.Place+": note "+each.Code)
	}
	for _, each := range r.forks {
		said = append(said, fmt.Sprintf("%s: fork at %d, shown by two %s", each.Log, each.Seq, each.Kind))
	}
	if len(r.problems) == 0 {
		said = append(said, tellPosition(r.position())...)
	}
	_, err := fmt.Fprintln(out, strings.Join(said, "\n"))
	return err
}

func tellPosition(found *Position) []string {
	var said []string
	for _, each := range found.Cells {
		said = append(said, fmt.Sprintf("%s to %s, %s/%s/%s, stage %d step %d, by %s, %s: %d",
			each.From, each.To, each.Category, each.State, each.Group, each.Stage, each.Step,
			each.AttestedBy, each.Outcome, each.Count))
	}
	for _, side := range sortedKeys(found.Lead) {
		said = append(said, fmt.Sprintf("%s: lead %d, largest %d, conceded %d",
			side, found.Lead[side], found.LargestLead[side], found.Conceded[side]))
	}
	return said
}
