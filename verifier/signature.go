package main

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
)

// The y coordinates of the points of small order, little-endian, the top bit cleared: 0, 1, -1 and
// the two of order 8.
var smallOrder = [][]byte{
	unhex("0000000000000000000000000000000000000000000000000000000000000000"),
	unhex("0100000000000000000000000000000000000000000000000000000000000000"),
	unhex("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
	unhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
	unhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
}

// isSigned is the rule of record.md, "Signatures".
//
// The standard library decides on S < L, on whether A lies on the curve, and on the equation without
// cofactor, whose left side it encodes and compares with R byte by byte; so R is on the curve and
// canonical when it agrees. What it does not ask is tested here on the bytes: whether A is canonical,
// and whether A or R is of small order.
func isSigned(message, signature, key []byte) bool {
	if len(signature) != ed25519.SignatureSize || len(key) != ed25519.PublicKeySize {
		return false
	}
	if !isCanonical(key) || isSmall(key) || isSmall(signature[:32]) {
		return false
	}
	return ed25519.Verify(key, message, signature)
}

// isCanonical says whether y, without the top bit, is smaller than 2^255 - 19.
func isCanonical(point []byte) bool {
	if point[31]&0x7f != 0x7f || point[0] < 0xed {
		return true
	}
	for _, each := range point[1:31] {
		if each != 0xff {
			return true
		}
	}
	return false
}

func isSmall(point []byte) bool {
	y := append([]byte(nil), point...)
	y[31] &= 0x7f
	for _, each := range smallOrder {
		if bytes.Equal(y, each) {
			return true
		}
	}
	return false
}

func unhex(text string) []byte {
	value, err := hex.DecodeString(text)
	if err != nil {
		return nil
	}
	return value
}
