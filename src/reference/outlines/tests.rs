use super::*;

fn spots(all: &[(f64, f64)]) -> Vec<Spot> {
    all.iter().map(|(x, y)| Spot { x: *x, y: *y }).collect()
}

#[test]
fn the_file_is_read_and_drawn_in_less_than_a_page_may_have() {
    let (drawn, finer) = (outlines(), finer());
    assert!((drawn.gzip.len() + 30_000..140_000).contains(&finer.gzip.len()), "{} bytes", finer.gzip.len());
    assert!(drawn.svg.starts_with("<svg ") && drawn.svg.contains("id=\"land\" d=\"M") && drawn.svg.contains("id=\"borders\" d=\"M"));
    assert!(drawn.gzip.len() < 80_000, "{} bytes, {} before", drawn.gzip.len(), drawn.svg.len());
    let mut text = String::new();
    GzDecoder::new(drawn.gzip.as_slice()).read_to_string(&mut text).unwrap();
    assert!(text == drawn.svg && !text.contains("NaN") && !text.contains("inf"));
}

#[test]
fn simplified_areas_stay_closed_and_borders_end_where_they_did() {
    let topology = read().unwrap();
    let lines = topology.lines(COARSE.0);
    let (mut rings, mut points) = (0, 0);
    for ring in topology.objects.countries.geometries.iter().flat_map(Shape::rings) {
        // Whatever ring one takes, each of its lines begins where the one before it ends.
        let ends: Vec<(Spot, Spot)> = ring
            .iter()
            .map(|number| line(*number).unwrap())
            .map(|(index, backwards)| (lines[index][0], *lines[index].last().unwrap(), backwards))
            .map(|(first, last, backwards)| if backwards { (last, first) } else { (first, last) })
            .collect();
        for (before, after) in ends.iter().zip(ends.iter().cycle().skip(1)) {
            let (end, start) = (before.1, after.0);
            assert!(end.y == start.y && (end.x - start.x).rem_euclid(WORLD) == 0.0, "a ring of {ring:?} is open");
        }
        rings += 1;
        points += ring.len();
    }
    assert!(rings > 1_400 && points > 1_800, "{rings} {points}");
    let land = topology.land(&lines, COARSE.1);
    assert!(land.iter().all(|ring| ring.first() == ring.last() && ring.len() > 3));
    // No coast jumps from one side of the map to the other: only along its edge does Antarctica go around.
    for ring in &land {
        for ends in ring.windows(2) {
            let along_the_edge = ends.iter().all(|spot| spot.y == 0.0 || spot.y == WORLD);
            assert!((ends[0].x - ends[1].x).abs() < WORLD / 8.0 || along_the_edge, "{ends:?}");
        }
    }
    assert!(topology.borders(&lines).all(|line| line.windows(2).all(|ends| (ends[0].x - ends[1].x).abs() < WORLD / 8.0)));
    // Eurasia with Africa, both Americas, Antarctica and Australia come first by size.
    let mut sizes: Vec<f64> = land.iter().map(|ring| area(ring).abs()).collect();
    sizes.sort_by(|a, b| b.total_cmp(a));
    assert!(sizes[4] > 1e6 && sizes.len() > 200, "{:?} of {}", &sizes[..6], sizes.len());
}

#[test]
fn a_simplified_line_is_nowhere_further_off() {
    let line: Vec<Spot> = (0..400_u16).map(f64::from).map(|n| Spot { x: n, y: (n / 9.0).sin() * 20.0 + (n * 1.7).cos() }).collect();
    for most in [0.5, 2.0, 5.0, 1_000.0] {
        let fewer = simplified(&line, most);
        assert_eq!((fewer.first(), fewer.last()), (line.first(), line.last()));
        assert!(fewer.len() < line.len());
        for spot in &line {
            let off = fewer.windows(2).map(|ends| distance(*spot, ends[0], ends[1])).fold(f64::MAX, f64::min);
            assert!(off <= most + 1e-9, "{spot:?} is off by {off}");
        }
    }
    let ring = spots(&[(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0), (0.0, 0.0)]);
    assert_eq!(simplified(&ring, 1.0), ring, "a ring does not fall together");
    assert_eq!((simplified(&[], 1.0), simplified(&ring[..1], 1.0)), (Vec::new(), ring[..1].to_vec()));
}

#[test]
fn path_data_is_short_and_means_the_same() {
    let mut text = String::new();
    draw(&mut text, &spots(&[(5.0, 6.0), (4.0, 6.0), (6.0, 4.0), (6.0, 9.0), (5.0, 6.0)]), true);
    draw(&mut text, &spots(&[(1.0, 2.0), (3.0, 5.0)]), false);
    assert_eq!(text, "M5 6l-1 0 2-2 0 5zM1 2l2 3");
}
