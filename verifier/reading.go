package main

import (
	"fmt"
	"regexp"
	"sort"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

var (
	folderName = regexp.MustCompile(`^(` + logPattern + `)/([^\n]+)$`)
	olderName  = regexp.MustCompile(`^checkpoints/(` + countPattern + `)$`)
)

// Fork is a proof, or a finding, that a log has two histories.
type Fork struct {
	Log  string `json:"log"`
	Seq  int64  `json:"seq"`
	Kind string `json:"kind"`
}

// Reading is a copy as far as it could be read; logs holds only what was verified.
type Reading struct {
	files    *Folder
	exchange *Exchange
	logs     map[string]*Log
	folders  map[string][]string
	sizes    map[string]int64
	problems []*Problem
	notes    []*Problem
	forks    []Fork
	entries  int64
}

// readCopy checks a whole copy in the order of verifying.md.
func readCopy(files *Folder) *Reading {
	r := &Reading{
		files: files, logs: map[string]*Log{}, folders: map[string][]string{}, sizes: map[string]int64{},
	}
	exchange, problem := readExchange(files)
	if problem != nil {
		r.problems = append(r.problems, problem)
		return r
	}
	r.exchange = exchange
	r.sortNames()
	for _, name := range sortedKeys(r.folders) {
		if problem := r.readLog(name); problem != nil {
			r.problems = append(r.problems, problem)
		}
	}
	r.checkSightings()
	r.checkCertificates()
	r.checkSums()
	r.readForks()
	r.checkBodies()
	r.noteAbsent()
	return r
}

func (r *Reading) note(code, place, value, expected string) {
	r.notes = append(r.notes, refuse(code, place, value, expected))
}

func (r *Reading) fault(code, place, value, expected string) {
	r.problems = append(r.problems, refuse(code, place, value, expected))
}

// logNames are the logs that were read, sorted.
func (r *Reading) logNames() []string { return sortedKeys(r.logs) }

func sortedKeys[T any](from map[string]T) []string {
	var found []string
	for name := range from {
		found = append(found, name)
	}
	sort.Strings(found)
	return found
}

func (r *Reading) sortNames() {
	for _, name := range r.files.names {
		if found := folderName.FindStringSubmatch(name); found != nil {
			r.folders[found[1]] = append(r.folders[found[1]], found[2])
		} else if name != exchangeFile && !strings.HasPrefix(name, "bodies/") &&
			!strings.HasPrefix(name, "forks/") {
			r.note("file-unknown", name, "", "")
		}
	}
}

// readLog checks one log's folder and leaves it at the first fault.
func (r *Reading) readLog(name string) *Problem {
	log, problem := r.openLog(name)
	if problem != nil {
		return problem
	}
	heads, problem := r.readHeads(log)
	if problem != nil {
		return problem
	}
	newest := heads[len(heads)-1]
	r.logs[name], r.sizes[name] = log, newest.size
	for _, head := range heads {
		if head.size > newest.size {
			return refuse("tail-cut", head.place, fmt.Sprint(newest.size), fmt.Sprint(head.size))
		}
	}
	if problem := r.readEntries(log, newest.size); problem != nil {
		return problem
	}
	for _, head := range heads {
		if log.tree.root(head.size) != head.root {
			return refuse("root-differs", head.place, head.root.String(), "the root of the entries")
		}
		log.keep(head.Head)
		for _, party := range head.unchecked {
			r.note("cosignature-not-checked", name+"/checkpoint", party, "a reader that knows ML-DSA-44")
		}
	}
	if problem := checkTiles(r.files, name, &log.tree); problem != nil {
		return problem
	}
	policy, found := r.files.read(name+"/policy", mostExchange)
	if found && string(policy) != log.policyText() {
		return refuse("policy-differs", name+"/policy", "", "the keys and quorum of the exchange")
	}
	r.checkTimes(log)
	return nil
}

func (r *Reading) openLog(name string) (*Log, *Problem) {
	var certificate *Certificate
	place := name + "/certificate"
	if data, found := r.files.read(place, mostCertificate); found {
		var problem *Problem
		certificate, problem = readCertificate(r.exchange, data, place)
		if problem != nil {
			return nil, problem
		}
		if certificate.log != name || name == firstLog(authorOf(name)) {
			return nil, refuse("certificate-other", place, certificate.log, name)
		}
	}
	log := newLog(r.exchange, name, certificate)
	if log == nil {
		return nil, refuse("log-unknown", name+"/checkpoint", name, "a log that a card or certificate opens")
	}
	return log, nil
}

// placedHead is a head with the file it was read from.
type placedHead struct {
	*Head
	place string
}

// readHeads gives the older checkpoints by their sizes, and the newest last.
func (r *Reading) readHeads(log *Log) ([]placedHead, *Problem) {
	place := log.name + "/checkpoint"
	data, found := r.files.read(place, mostNote)
	if !found {
		return nil, refuse("checkpoint-missing", place, "", "the log's newest checkpoint")
	}
	newest, problem := readHead(log, data, place)
	if problem != nil {
		return nil, problem
	}
	var heads []placedHead
	for _, rest := range r.folders[log.name] {
		size := olderName.FindStringSubmatch(rest)
		if size == nil {
			continue
		}
		older := log.name + "/" + rest
		data, _ := r.files.read(older, mostNote)
		head, problem := readHead(log, data, older)
		if problem != nil {
			return nil, problem
		}
		if fmt.Sprint(head.size) != size[1] {
			return nil, refuse("checkpoint-misnamed", older, fmt.Sprint(head.size), size[1])
		}
		heads = append(heads, placedHead{head, older})
	}
	sort.Slice(heads, func(i, j int) bool { return heads[i].size < heads[j].size })
	return append(heads, placedHead{newest, place}), nil
}

func (r *Reading) readEntries(log *Log, size int64) *Problem {
	for index := int64(0); index*tileWidth < size; index++ {
		bundle, problem := readBundle(r.files, log.name, index, size)
		if problem != nil {
			return problem
		}
		for _, leaf := range bundle.leaves {
			if problem := r.readLeaf(log, leaf, bundle.withholding); problem != nil {
				return problem
			}
			r.entries++
		}
	}
	return nil
}

func (r *Reading) readLeaf(log *Log, leaf []byte, withholding bool) *Problem {
	if withholding && len(leaf) == tlog.HashSize {
		var hash tlog.Hash
		copy(hash[:], leaf)
		log.tree.append(hash)
		return nil
	}
	place := fmt.Sprintf("entry %s/%d", log.name, log.tree.size)
	entry, problem := readEntry(leaf, place)
	if problem != nil {
		return problem
	}
	if problem := log.follows(entry, leaf, place); problem != nil {
		return problem
	}
	log.add(entry)
	return nil
}

// checkTimes notes a party whose later countersignature has the earlier time.
func (r *Reading) checkTimes(log *Log) {
	for _, party := range sortedKeys(log.cosignatures) {
		var held []Cosignature
		for _, each := range log.cosignatures[party] {
			held = append(held, each)
		}
		sort.Slice(held, func(i, j int) bool { return held[i].size < held[j].size })
		for at := 1; at < len(held); at++ {
			if held[at].at < held[at-1].at {
				r.note("cosignature-times", log.name+"/checkpoints", party, "times that grow")
				break
			}
		}
	}
}

// where gives the file a problem lies in, and the entry ("log/seq") where it names one.
func (r *Reading) where(problem *Problem) (file string, entry *string) {
	if !strings.HasPrefix(problem.Place, "entry ") {
		return problem.Place, nil
	}
	named := strings.TrimPrefix(problem.Place, "entry ")
	log, digits, _ := strings.Cut(named, "/")
	seq, _ := strconv.ParseInt(digits, 10, 64)
	size := r.sizes[log]
	if size <= seq {
		size = seq + 1
	}
	return bundleOf(r.files, log, seq, size), &named
}
