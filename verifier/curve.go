package main

import "math/big"

// Arithmetic on edwards25519, only to ask of the few keys of cards and certificates whether they lie
// in the main subgroup. It handles public values, so it need not run in constant time.

var (
	one        = big.NewInt(1)
	prime      = new(big.Int).Sub(new(big.Int).Lsh(one, 255), big.NewInt(19))
	groupOrder = number("7237005577332262213973186563042994240857116359379907606001950938285454250989")
	curveD     = number("37095705934669439343138083508754565189542113879843219016388785533085940283555")
)

func number(text string) *big.Int {
	value, _ := new(big.Int).SetString(text, 10)
	return value
}

// point is (X:Y:Z:T) with x = X/Z, y = Y/Z, xy = T/Z (RFC 8032, 5.1.4).
type point struct{ x, y, z, t *big.Int }

func times(a, b *big.Int) *big.Int {
	product := new(big.Int).Mul(a, b)
	return product.Mod(product, prime)
}

func plus(a, b *big.Int) *big.Int  { return new(big.Int).Add(a, b) }
func minus(a, b *big.Int) *big.Int { return new(big.Int).Sub(a, b) }

// decode gives the point that 32 bytes name, nil when there is none (RFC 8032, 5.1.3).
func decode(encoded []byte) *point {
	reversed := make([]byte, 32)
	for at := range encoded {
		reversed[31-at] = encoded[at]
	}
	sign := uint(reversed[0] >> 7)
	reversed[0] &= 0x7f
	y := new(big.Int).SetBytes(reversed)
	square := times(y, y)
	below := new(big.Int).ModInverse(plus(times(curveD, square), one), prime)
	x := new(big.Int).ModSqrt(times(minus(square, one), below), prime)
	if x == nil {
		return nil
	}
	if x.Bit(0) != sign {
		x.Sub(prime, x)
	}
	return &point{x, y, one, times(x, y)}
}

// add is the complete addition of RFC 8032, 5.1.4.
func add(p, q *point) *point {
	a := times(minus(p.y, p.x), minus(q.y, q.x))
	b := times(plus(p.y, p.x), plus(q.y, q.x))
	c := times(times(plus(p.t, p.t), curveD), q.t)
	d := times(plus(p.z, p.z), q.z)
	e, f, g, h := minus(b, a), minus(d, c), plus(d, c), plus(b, a)
	return &point{times(e, f), times(g, h), times(f, g), times(e, h)}
}

// isProper says whether a key may enter: canonical, on the curve, not of small order, and its
// product with the group's order the neutral point.
func isProper(key []byte) bool {
	if len(key) != 32 || !isCanonical(key) || isSmall(key) {
		return false
	}
	base := decode(key)
	if base == nil {
		return false
	}
	product := &point{new(big.Int), one, one, new(big.Int)}
	for bit := groupOrder.BitLen() - 1; bit >= 0; bit-- {
		product = add(product, product)
		if groupOrder.Bit(bit) == 1 {
			product = add(product, base)
		}
	}
	return product.x.Sign() == 0 && product.y.Cmp(product.z) == 0
}
