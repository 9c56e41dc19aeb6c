//! The controls for displaying the saliency map.

use egui::Key;
use egui_kittest::kittest::NodeT;
use gantei::domain::Method;
use gantei::imaging::colormap::Colormap;
use gantei::imaging::overlay::{Ground, Side, Style};
use gantei::ui::Tab;
use strum::IntoEnumIterator;

use crate::desk::{BOTH, Desk};

#[test]
fn the_overlay_is_switched_and_faded_by_its_controls() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &["a.jpg"]);
        let t = desk.t;
        assert!(desk.slider(t.opacity()).accesskit_node().is_disabled());
        desk.run_and_wait();
        assert!(desk.state().settings.overlay_shown);
        desk.click(t.overlay());
        assert!(!desk.state().settings.overlay_shown);
        desk.press(Key::S);
        desk.rest();
        assert!(desk.state().settings.overlay_shown);
        desk.slider(t.opacity()).set_value_accesskit(25.0);
        desk.rest();
        assert!((desk.state().settings.overlay.opacity - 0.25).abs() < 0.01);
        desk.until("the settings", |d| {
            d.saved(|s| (s.overlay.opacity - 0.25).abs() < 0.01)
        });
        desk.press(Key::CloseBracket);
        assert!((desk.state().settings.overlay.opacity - 0.35).abs() < 0.01);
    }
}

#[test]
fn colours_detail_side_and_lines_are_chosen() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &["a.jpg"]);
        let t = desk.t;
        desk.run_and_wait();
        // The menu stays open, so that colours can be compared.
        desk.combo(t.colours());
        for colours in Colormap::iter() {
            desk.click(t.colour_map(colours));
            desk.rest();
            assert_eq!(desk.state().settings.overlay.colormap, colours);
        }
        desk.press(Key::Escape);
        desk.map_menu();
        desk.click_role(egui::Role::CheckBox, t.red_free_below());
        desk.rest();
        assert_eq!(desk.state().settings.overlay.ground, Ground::Photograph);
        desk.click(t.smooth());
        desk.rest();
        assert_eq!(desk.state().settings.overlay.style, Style::Smooth);
        desk.click(t.native_grid());
        assert_eq!(desk.state().settings.overlay.style, Style::Cells);
        desk.click(&t.towards_label(&t.label("male")));
        desk.rest();
        assert_eq!(desk.state().settings.overlay.side, Side::Positive);
        desk.click(t.grid_lines());
        desk.rest();
        assert!(desk.state().settings.grid_shown);
        assert!(desk.slider(t.contour()).accesskit_node().is_disabled());
        desk.click_role(egui::Role::CheckBox, t.contour());
        desk.rest();
        assert_eq!(desk.state().settings.overlay.contour, Some(0.5));
        desk.slider(t.contour()).set_value_accesskit(80.0);
        desk.rest();
        let contour = desk.state().settings.overlay.contour.unwrap();
        assert!((contour - 0.8).abs() < 0.01);
        desk.press(Key::Escape);
        desk.tab(Tab::Map);
        assert!(desk.sees(&t.grid_of(Method::GradCam, 7, 7)));
    }
}

#[test]
fn the_colour_scale_lies_on_the_canvas_while_the_map_is_shown() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &["a.jpg"]);
        let t = desk.t;
        let direction = format!("   {}", t.towards_label(&t.label("male")));
        assert!(!desk.reads(&direction));
        desk.run_and_wait();
        assert!(desk.reads(&direction));
        desk.click(t.overlay());
        desk.rest();
        assert!(!desk.reads(&direction));
    }
}

#[test]
fn the_field_is_outlined_by_its_button() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &["a.jpg"]);
        desk.click(desk.t.field_outline());
        desk.rest();
        assert!(desk.state().settings.field_outline_shown);
    }
}
