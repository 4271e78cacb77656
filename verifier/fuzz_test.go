package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The seeds are the worked example of record.md; "go test -fuzz FuzzEntry" goes on from there.

var fenced = regexp.MustCompile("(?s)```text ([^\n]+)\n(.*?)```")

// example gives the blocks of the worked example by their titles.
func example(f *testing.F) map[string][]byte {
	page, err := os.ReadFile("../docs/reference/record.md")
	if err != nil {
		f.Fatal(err)
	}
	found := map[string][]byte{}
	for _, block := range fenced.FindAllSubmatch(page, -1) {
		found[string(block[1])] = block[2]
	}
	if len(found["exchange.txt"]) == 0 || len(found["checkpoint"]) == 0 {
		f.Fatal("the page has no worked example")
	}
	return found
}

func leafOf(blocks map[string][]byte, number string) []byte {
	signature := unhex(strings.TrimSpace(string(blocks["signature "+number])))
	return append(signature, blocks["header "+number]...)
}

func FuzzEntry(f *testing.F) {
	blocks := example(f)
	f.Add(leafOf(blocks, "0"))
	f.Add(leafOf(blocks, "1"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, leaf []byte) {
		entry, problem := readEntry(leaf, "entry")
		if (entry == nil) == (problem == nil) {
			t.Fatal("neither an entry nor a problem")
		}
		if entry != nil && !bytes.HasPrefix(leaf[signatureBytes:], []byte(entryFormat+"\nexchange ")) {
			t.Fatal("a header that begins otherwise")
		}
	})
}

func FuzzNote(f *testing.F) {
	f.Add(example(f)["checkpoint"])
	f.Add([]byte("a\n\n— b QUJDREU=\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		note, problem := readNote(data, "note")
		if problem == nil {
			_, _ = readCheckpoint(note.text, "note")
		}
	})
}

func FuzzExchange(f *testing.F) {
	f.Add(example(f)["exchange.txt"])
	f.Add([]byte("homeward-exchange/v1\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		folder := t.TempDir()
		if err := os.WriteFile(filepath.Join(folder, exchangeFile), data, 0o600); err != nil {
			t.Fatal(err)
		}
		files, err := openFolder(folder)
		if err != nil {
			t.Fatal(err)
		}
		reading := readCopy(files)
		if reading.exchange == nil && len(reading.problems) == 0 {
			t.Fatal("neither an exchange nor a problem")
		}
	})
}

func FuzzCertificateAndFork(f *testing.F) {
	exchange := &Exchange{id: strings.Repeat("1", 64)}
	f.Add([]byte("homeward-writer/v1\nexchange " + exchange.id + "\nlog a.b.1\n"))
	f.Add([]byte("homeward-fork/v1\nexchange " + exchange.id + "\nlog a.office.1\nnote \nnote \n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		_, _ = readCertificate(exchange, data, "certificate")
		log := &Log{name: "a.office.1", exchange: exchange, entryKey: make([]byte, 32), checkpointKey: make([]byte, 32)}
		reading := &Reading{exchange: exchange, logs: map[string]*Log{log.name: log}}
		_, _ = reading.readFork(data, "forks/x")
	})
}

// The worked example is a copy of one log: with its tiles it is sound.
func TestTheWorkedExampleIsSound(t *testing.T) {
	page, err := os.ReadFile("../docs/reference/record.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := map[string][]byte{}
	for _, block := range fenced.FindAllSubmatch(page, -1) {
		blocks[string(block[1])] = block[2]
	}
	folder := t.TempDir()
	var bundle, tile []byte
	var tree Tree
	for _, number := range []string{"0", "1"} {
		leaf := leafOf(blocks, number)
		entry, problem := readEntry(leaf, "entry")
		if problem != nil {
			t.Fatal(problem)
		}
		tree.append(entry.hash)
		tile = append(tile, entry.hash[:]...)
		bundle = append(append(bundle, byte(len(leaf)>>8), byte(len(leaf))), leaf...)
	}
	for name, data := range map[string][]byte{
		"exchange.txt":                        blocks["exchange.txt"],
		"north.office.1/checkpoint":           blocks["checkpoint"],
		"north.office.1/tile/entries/000.p/2": bundle,
		"north.office.1/tile/0/000.p/2":       tile,
	} {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	files, err := openFolder(folder)
	if err != nil {
		t.Fatal(err)
	}
	reading := readCopy(files)
	if len(reading.problems) > 0 || reading.entries != 2 || len(reading.logs) != 1 {
		t.Fatalf("%+v", reading.problems[0])
	}
	if said := reading.logs["north.office.1"].cosignatures["south"]; len(said) != 1 {
		t.Fatal("south's countersignature was not counted")
	}
}
