package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
)

// once adds a problem unless this code was told at this place before.
func (r *Reading) once(code, place, value, expected string) {
	for _, each := range r.problems {
		if each.Code == "record."+code && each.Place == place {
			return
		}
	}
	r.fault(code, place, value, expected)
}

// checkSightings asks that what one log says it saw of another is there, and is the same.
func (r *Reading) checkSightings() {
	absent := map[string]bool{}
	for _, name := range r.logNames() {
		for _, entry := range r.logs[name].entries {
			place := fmt.Sprintf("entry %s/%d", name, entry.seq)
			for _, each := range entry.seen {
				if r.logs[each.log] == nil {
					absent[each.log] = true
					continue
				}
				r.checkReached(each, place)
			}
		}
	}
	for _, name := range sortedKeys(absent) {
		if r.folders[name] == nil {
			r.note("log-absent", name, name, "a log that another log has seen")
		}
	}
}

// checkReached asks that a log reaches what was seen of it; false when it differs.
func (r *Reading) checkReached(seen Sighting, place string) bool {
	tree := &r.logs[seen.log].tree
	if seen.size > tree.size {
		r.once("tail-cut", seen.log+"/checkpoint", place, fmt.Sprint("the tree seen at ", seen.size))
		return false
	}
	root := tree.root(seen.size)
	if hex.EncodeToString(root[:]) != seen.root {
		r.once("seen-differs", place, seen.log, fmt.Sprint("the tree seen at ", seen.size))
		return false
	}
	return true
}

// checkCertificates looks at the heads that authors named when they began newer logs.
func (r *Reading) checkCertificates() {
	for _, name := range r.logNames() {
		log := r.logs[name]
		if log.certificate == nil {
			continue
		}
		place := name + "/certificate"
		for _, each := range log.certificate.after {
			older := r.logs[each.log]
			if older != nil && r.checkReached(each, place) && each.size < older.tree.size {
				value := fmt.Sprint(older.tree.size - each.size)
				r.note("beyond-certificate", each.log+"/checkpoint", value, place)
			}
		}
	}
}

// checkSums compares the counts that closings sign with what the logs hold.
func (r *Reading) checkSums() {
	for _, name := range r.logNames() {
		counted := map[string]int64{}
		for at, entry := range r.logs[name].entries {
			place := fmt.Sprintf("entry %s/%d", name, entry.seq)
			withheld := entry.seq - int64(at)
			for _, sum := range entry.sums {
				if kind := strings.TrimPrefix(sum.name, "own/"); kind != sum.name {
					r.checkOwn(sum, counted[kind], withheld, place)
				} else if log := strings.TrimPrefix(sum.name, "size/"); log != sum.name {
					other := r.logs[log]
					if other != nil && other.tree.size < sum.count {
						r.fault("tail-cut", log+"/checkpoint", fmt.Sprint(other.tree.size), fmt.Sprint(sum.count))
					}
				}
			}
			counted[entry.kind]++
		}
	}
}

func (r *Reading) checkOwn(sum Sum, shown, withheld int64, place string) {
	switch {
	case sum.count == shown:
	case shown < sum.count && sum.count <= shown+withheld:
		r.note("headers-withheld", place, sum.name, fmt.Sprint(sum.count))
	default:
		r.fault("sums-differ", place, fmt.Sprint(sum.name, "=", sum.count), fmt.Sprint(shown))
	}
}

// checkBodies asks that each sealed body has the SHA-256 of its name; which need not be there.
func (r *Reading) checkBodies() {
	known := map[string]bool{}
	for _, log := range r.logs {
		for _, entry := range log.entries {
			for _, body := range entry.bodies {
				known[body] = true
			}
		}
	}
	for _, name := range r.files.names {
		wanted := strings.TrimPrefix(name, "bodies/")
		if wanted == name {
			continue
		}
		if sumOf(r.files, name) != wanted {
			r.fault("body-digest-differs", name, "", "bytes with that SHA-256")
		} else if !known[wanted] {
			r.note("body-unknown", name, "", "a body that an entry names")
		}
	}
}

// sumOf is the SHA-256 of a file, read piece by piece.
func sumOf(files *Folder, name string) string {
	file := files.open(name)
	if file == nil {
		return ""
	}
	defer file.Close()
	sum := sha256.New()
	_, err := io.Copy(sum, file)
	files.keep(err)
	return hex.EncodeToString(sum.Sum(nil))
}

func (r *Reading) noteAbsent() {
	noted := map[string]bool{}
	for _, each := range r.notes {
		if each.Code == "record.log-absent" {
			noted[each.Place] = true
		}
	}
	for _, card := range r.exchange.cards {
		name := firstLog(card.name)
		if r.folders[name] == nil && !noted[name] {
			r.note("log-absent", name, card.name, "a log of every party listed")
		}
	}
}
